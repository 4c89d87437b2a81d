use std::collections::BTreeSet;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::hostile::attack::Outcome;
use crate::hostile::site::{Site, cookie};

/// Calls every operation in the API's description without a session and as another user, with the ids of
/// data that is not theirs, so that a new operation is covered automatically.
pub(in crate::hostile) async fn attack(site: &Site) -> Result<Outcome> {
    let document: Value = site.request(Method::GET, "/api/docs/openapi.json").send().await?.json().await?;
    let operations = operations(&document)?;
    let other = cookie(&site.user("mallory").await?)?;
    let ids = [site.order.ticket.id.to_string(), site.order.id.to_string(), site.free.id.to_string()];
    let (mut calls, mut findings) = (0, Vec::new());
    for operation in &operations {
        // Anybody may buy a ticket for sale, so there only ids in paths are tried.
        for id in ids.iter().filter(|id| operation.path.contains(ID) || **id != ids[2]) {
            for caller in [None, Some(other.as_str())] {
                calls += 1;
                findings.extend(operation.call(site, caller, id).await?);
            }
        }
    }
    let (total, guarded) = (operations.len(), operations.iter().filter(|operation| operation.needs_session).count());
    let names: BTreeSet<&str> = operations.iter().filter(|o| o.takes_id).map(|o| o.name.as_str()).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    let tried = format!("{calls} calls of {total} operations, {guarded} of them for users only; with ids: {names}");
    Ok(Outcome {
        tried,
        did: "401 without a session; access to another user's data is refused or changes nothing".into(),
        findings,
    })
}

/// One operation, and what is known of it from its description.
struct Operation {
    name: String,
    method: Method,
    path: String,
    needs_session: bool,
    /// Whether its path contains an id.
    takes_id: bool,
    /// A body that fits its schema, with placeholders for ids.
    body: Option<Value>,
}

/// The placeholder for an id in a body.
const ID: &str = "{id}";

impl Operation {
    /// Calls it and returns the violations.
    async fn call(&self, site: &Site, caller: Option<&str>, id: &str) -> Result<Option<String>> {
        // Its response does not end, and is public.
        if self.path == "/api/tickets/live" {
            return Ok(None);
        }
        let mut request = site.request(self.method.clone(), &self.path.replace(ID, id));
        if let Some(cookie) = caller {
            request = request.header("cookie", cookie);
        }
        if let Some(body) = &self.body {
            request = request.header("content-type", "application/json").body(body.to_string().replace(ID, id));
        }
        let answer = request.send().await?;
        let (status, body) = (answer.status().as_u16(), answer.text().await?);
        // An order's id names no ticket, but it is so young that a ticket of this id could be on its way.
        let is_unheard_of = status == 503 && body.contains("not_heard_yet");
        let is_refused = (400..500).contains(&status) || is_unheard_of;
        let is_public_read = self.method == Method::GET && !self.needs_session;
        let is_wrong = match caller {
            None if self.needs_session => status != 401,
            _ if is_public_read => status >= 500,
            // It says what the caller is there: nothing.
            Some(_) if self.name == "showRole" => status >= 500 || body.contains("true"),
            // A user may request a list of their own; it must not contain another user's data.
            Some(_) if !self.takes_id => status >= 500 || body.contains(id),
            _ => self.takes_id && (!is_refused || body.contains("\"price\"")),
        };
        let who = if caller.is_some() { "another user" } else { "a stranger" };
        Ok(is_wrong.then(|| format!("{} {} by {who}: {status}", self.method, self.path)))
    }
}

fn operations(document: &Value) -> Result<Vec<Operation>> {
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().context("paths")? {
        for (method, operation) in item.as_object().context("operations")? {
            let name = operation["operationId"].as_str().context("an operation's id")?.to_owned();
            // They end the session that the others need; it is the caller's own.
            if ["signOut", "signOutEverywhere"].contains(&name.as_str()) {
                continue;
            }
            // `{}` among the alternatives means: without any.
            let security = operation["security"].as_array().cloned().unwrap_or_default();
            let needs_session = !security.is_empty() && !security.contains(&json!({}));
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let body = schema.is_object().then(|| example(document, schema, ""));
            let body_takes_id = body.as_ref().is_some_and(|body| body.to_string().contains(ID));
            // Whatever its parameters are called, these are the ids there are.
            let path = generic(path);
            let takes_id = path.contains(ID) || body_takes_id;
            let method = Method::from_bytes(method.to_uppercase().as_bytes())?;
            operations.push(Operation { name, method, path, needs_session, takes_id, body });
        }
    }
    Ok(operations)
}

/// The path with every parameter renamed to the same name.
fn generic(path: &str) -> String {
    let segments = path.split('/').map(|segment| if segment.starts_with('{') { ID } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// A value that fits a schema, with [`ID`] in place of every id.
fn example(document: &Value, schema: &Value, name: &str) -> Value {
    if name.to_lowercase().ends_with("id") {
        return json!(ID);
    }
    if let Some(referred) = schema["$ref"].as_str() {
        return example(document, document.pointer(referred.trim_start_matches('#')).unwrap_or(&Value::Null), name);
    }
    for alternatives in ["allOf", "oneOf", "anyOf"] {
        if let Some(first) = schema[alternatives].as_array().and_then(|all| all.first()) {
            return example(document, first, name);
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        let entries = properties.iter().map(|(name, schema)| (name.clone(), example(document, schema, name)));
        return Value::Object(entries.collect::<Map<_, _>>());
    }
    match (&schema["example"], schema["type"].as_str()) {
        (Value::Null, Some("number" | "integer")) => json!(20),
        (Value::Null, Some("object")) => json!({}),
        (Value::Null, _) => json!("a guess"),
        (example, _) => example.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_known_by_its_description() {
        let document = json!({
            "paths": {"/api/things/{thing}": {"put": {
                "operationId": "editThing",
                "security": [{"session": []}],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Form"}}}},
            }, "get": {"operationId": "showThing", "security": [{}, {"session": []}]}}},
            "components": {"schemas": {"Form": {"properties": {
                "ticketId": {"$ref": "#/nowhere"}, "title": {"type": "string", "example": "A"}, "price": {"type": "number"},
            }}}},
        });
        let operations = operations(&document).expect("a document");
        let edit = operations.iter().find(|operation| operation.name == "editThing").expect("is there");
        assert_eq!((edit.path.as_str(), edit.needs_session, edit.takes_id), ("/api/things/{id}", true, true));
        assert_eq!(edit.body, Some(json!({"ticketId": ID, "title": "A", "price": 20})));
        let show = operations.iter().find(|operation| operation.name == "showThing").expect("is there");
        assert_eq!((show.needs_session, show.takes_id), (false, true));
    }
}
