//! What the contract says about the answers that the loads need.

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::load::Response;

/// How much of an answer that was not expected is shown.
const SHOWN: usize = 500;

/// An operation, and its answer if it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) method: &'static str,
    /// Without an id that may follow.
    pub(super) path: &'static str,
    pub(super) status: u16,
    /// The fields that its object must have, as JSON pointers.
    fields: &'static [&'static str],
}

const fn post(path: &'static str, fields: &'static [&'static str]) -> Operation {
    Operation { method: "POST", path, status: 201, fields }
}

const fn get(path: &'static str, fields: &'static [&'static str]) -> Operation {
    Operation { method: "GET", path, status: 200, fields }
}

pub(super) const SIGN_UP: Operation = post("/api/users/signup", &["/id", "/email"]);
pub(super) const CREATE_TICKET: Operation = post("/api/tickets", &["/id", "/title", "/price", "/userId", "/version"]);
pub(super) const SHOW_TICKET: Operation = get("/api/tickets/", &["/id", "/title", "/price", "/userId", "/version"]);
pub(super) const CREATE_ORDER: Operation =
    post("/api/orders", &["/id", "/status", "/userId", "/expiresAt", "/ticket/id", "/ticket/price"]);
pub(super) const SHOW_ORDER: Operation = get("/api/orders/", &["/id", "/status"]);
pub(super) const PAY: Operation = post("/api/payments", &["/id"]);

/// The object in an answer, which is the contract's.
///
/// # Errors
/// If the answer is another one; the message says what was expected, and what came.
pub(super) fn check(operation: &Operation, answer: &Response<'_>) -> Result<Value> {
    let Operation { method, path, status, fields } = operation;
    let object = serde_json::from_slice(answer.body).unwrap_or(Value::Null);
    let missing: Vec<_> = fields.iter().filter(|field| object.pointer(field).is_none()).collect();
    if answer.status == *status && missing.is_empty() {
        return Ok(object);
    }
    let fields = fields.iter().map(|field| field[1..].replace('/', ".")).collect::<Vec<_>>().join(", ");
    bail!("{method} {path}: expected {status} and an object with {fields}; came {}{}", shown(answer), advice(answer))
}

/// The number of tickets in the first page of the list, of at most `limit`.
///
/// # Errors
/// If the answer is no such list; the message says what was expected, and what came.
pub(super) fn check_list(path: &str, limit: usize, answer: &Response<'_>) -> Result<usize> {
    let listed: Option<Vec<Value>> = serde_json::from_slice(answer.body).ok();
    let expected = format!("GET {path}: expected 200 and an array of at most {limit} tickets with id, title, price");
    let tickets = listed.filter(|_| answer.status == 200);
    let tickets = tickets.with_context(|| format!("{expected}; came {}{}", shown(answer), advice(answer)))?;
    ensure!(tickets.len() <= limit, "{expected}; came {} of them", tickets.len());
    let is_ticket = |ticket: &Value| ["id", "title", "price"].iter().all(|field| ticket.get(field).is_some());
    ensure!(tickets.iter().all(is_ticket), "{expected}; came {}", shown(answer));
    Ok(tickets.len())
}

/// The id of an object.
///
/// # Errors
/// If it has none that is a text.
pub(super) fn id(object: &Value) -> Result<String> {
    let id = object.get("id").and_then(Value::as_str);
    let id = id.with_context(|| format!("expected an id that is a text; came {object}"))?;
    ensure!(!id.is_empty(), "expected an id; came an empty one");
    Ok(id.to_owned())
}

/// The cookies that an answer sets, as the next request has to bring them.
///
/// # Errors
/// If there is none.
pub(super) fn cookies(answer: &Response<'_>) -> Result<String> {
    let head = String::from_utf8_lossy(answer.head);
    let headers = head.lines().filter_map(|line| line.split_once(':'));
    let set = headers.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    let pairs = set.filter_map(|(_, value)| value.split(';').next()).map(str::trim);
    let cookies = pairs.collect::<Vec<_>>().join("; ");
    ensure!(!cookies.is_empty(), "POST {}: expected a session cookie; came none", SIGN_UP.path);
    Ok(cookies)
}

/// What came, in one line that is not too long.
fn shown(answer: &Response<'_>) -> String {
    let text = answer.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

fn advice(answer: &Response<'_>) -> &'static str {
    match answer.status {
        429 => " (for a comparison, its limits have to be off)",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response<'_> {
        Response { status, head: b"", body: body.as_bytes() }
    }

    fn error<T: std::fmt::Debug>(outcome: Result<T>) -> String {
        outcome.expect_err("it is not the contract's").to_string()
    }

    #[test]
    fn the_error_says_what_was_expected_and_what_came() {
        let paid = check(&PAY, &answer(201, r#"{"id":"a","more":1}"#)).expect("the contract's");
        assert_eq!(paid["id"], "a");
        let expected = "POST /api/payments: expected 201 and an object with id; came ";
        assert_eq!(error(check(&PAY, &answer(200, r#"{"id":"a"}"#))), format!(r#"{expected}200 {{"id":"a"}}"#));
        assert_eq!(error(check(&PAY, &answer(201, "{}"))), format!("{expected}201 {{}}"));
        assert_eq!(error(check(&PAY, &answer(502, "<html>\n  <p>"))), format!("{expected}502 <html> <p>"));
        let refused = error(check(&CREATE_ORDER, &answer(429, "{}")));
        assert!(refused.contains("id, status, userId, expiresAt, ticket.id, ticket.price; came 429 {}"), "{refused}");
        assert!(refused.ends_with("its limits have to be off)"), "{refused}");
        let long = error(check(&PAY, &answer(500, &"é".repeat(1000))));
        assert_eq!(long.len(), expected.len() + "500 ".len() + 2 * (SHOWN - "500 ".len()) + "...".len());
    }

    #[test]
    fn the_list_is_an_array_of_no_more_tickets_than_asked_for() {
        let list = |status, body: &str| check_list("/api/tickets?limit=2", 2, &answer(status, body));
        let ticket = r#"{"id":"a","title":"b","price":20}"#;
        assert_eq!(list(200, &format!("[{ticket},{ticket}]")).expect("the contract's"), 2);
        assert_eq!(list(200, "[]").expect("the contract's"), 0);
        assert!(error(list(200, &format!("[{ticket},{ticket},{ticket}]"))).ends_with("; came 3 of them"));
        assert!(error(list(200, r#"{"tickets":[]}"#)).ends_with(r#"; came 200 {"tickets":[]}"#));
        assert!(error(list(200, r#"[{"id":"a"}]"#)).ends_with(r#"; came 200 [{"id":"a"}]"#));
        assert!(error(list(404, "[]")).ends_with("; came 404 []"));
    }

    #[test]
    fn every_cookie_is_brought_back_without_its_attributes() {
        let head = b"HTTP/1.1 201 Created\r\nSet-Cookie: session=a.b=; Path=/; HttpOnly\r\nvary: a\r\nset-cookie: device=c\r\n\r\n";
        let set = Response { status: 201, head, body: b"" };
        assert_eq!(cookies(&set).expect("two"), "session=a.b=; device=c");
        assert!(error(cookies(&answer(201, ""))).ends_with("expected a session cookie; came none"));
    }
}
