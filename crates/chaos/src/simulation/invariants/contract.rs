use std::collections::BTreeMap;

use serde_json::Value;
use server::services::ServiceName;

use super::run::{Exchange, Run};
use crate::simulation::history::Committed;

/// What an edit replaces.
const CONTENT: [&str; 4] = ["title", "price", "currency", "details"];

/// Unnumbered, and promised to every client: an edit that says which version its seller has seen replaces
/// nothing newer, and a request that is repeated under its key makes one thing.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = overwritings(run);
    seen.extend(made_twice(run));
    seen
}

/// Different things that were made under one key.
fn made_twice(run: &Run) -> Vec<String> {
    let mut made: BTreeMap<(usize, &str, &str), &str> = BTreeMap::new();
    let mut seen = Vec::new();
    for exchange in run.exchanges().filter(Exchange::succeeded) {
        let (Some(key), Some(id)) = (header(&exchange, "idempotency-key"), exchange.body["id"].as_str()) else {
            continue;
        };
        let first = *made.entry((exchange.person, exchange.call, key)).or_insert(id);
        if first != id {
            seen.push(format!("{} under the key {key} makes {first}, and then {id}", exchange.call));
        }
    }
    seen
}

fn overwritings(run: &Run) -> Vec<String> {
    let mut tickets: BTreeMap<&str, Vec<&Committed>> = BTreeMap::new();
    for (_, commit) in run.commits_to(ServiceName::Tickets, "tickets") {
        tickets.entry(&commit.id).or_default().push(commit);
    }
    let edits = run.exchanges().filter(Exchange::succeeded);
    edits.filter_map(|edit| overwritten(&edit, tickets.get(edit.after("PUT /api/tickets/")?)?)).collect()
}

/// What an edit has overwritten that its seller has not seen.
fn overwritten(edit: &Exchange, ticket: &[&Committed]) -> Option<String> {
    let (seen, made) = (seen_version(edit)?, edit.body["version"].as_u64()?);
    let shown = ticket.iter().rfind(|commit| commit.version == seen)?;
    let replaced = ticket.iter().rfind(|commit| commit.version < made)?;
    let is_given = is_given_since(shown, replaced);
    let other = CONTENT.iter().find(|field| said(replaced, field, is_given) != said(shown, field, is_given))?;
    let id = &shown.id;
    Some(format!("an edit of version {seen} of ticket {id} replaces the {other} of version {}", replaced.version))
}

/// Whether its seller has given us since what they had promised for later: then it is promised as what is there.
fn is_given_since(before: &Committed, after: &Committed) -> bool {
    let is = |ticket: &Committed, mode: &str| ticket.text("details.delivery.mode") == Some(mode);
    is(before, "later") && is(after, "sealed") && after.field("details.delivery.seal").as_u64() > Some(0)
}

/// What its seller has said of a ticket. What they have given us for it is noted there, too, and no edit replaces it.
fn said(ticket: &Committed, field: &str, is_given_since: bool) -> Value {
    let mut said = ticket.field(field).clone();
    if let Some(details) = said.as_object_mut().filter(|_| is_given_since) {
        details.remove("delivery");
    }
    if let Some(promise) = said.get_mut("delivery").and_then(Value::as_object_mut) {
        promise.retain(|name, _| name != "seal" && name != "checked");
    }
    said
}

fn seen_version(edit: &Exchange) -> Option<u64> {
    let tag = header(edit, "if-match").and_then(|tag| tag.trim_matches('"').parse().ok());
    tag.or_else(|| edit.sent["version"].as_u64())
}

fn header<'a>(exchange: &Exchange<'a>, name: &str) -> Option<&'a str> {
    exchange.headers.iter().find(|(named, _)| *named == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::super::testing::{answered, committed, run, written};
    use super::*;
    use crate::simulation::history::{Entry, HistoryEvent};

    fn ticket(version: u64, price: i64) -> Entry {
        let commit = committed(ServiceName::Tickets, "tickets", "t", json!({"title": "Gala", "price": price}));
        written(Duration::from_secs(version), Committed { version, ..commit })
    }

    /// An edit of version 1 that is answered with version 3.
    fn edit(in_header: bool) -> [Entry; 2] {
        let reply = json!({"id": "t", "version": 3});
        let mut entries = answered(Duration::from_secs(9), ServiceName::Tickets, "PUT /api/tickets/t", reply);
        if let HistoryEvent::Asked { headers, body, .. } = &mut entries[0].what {
            if in_header {
                headers.push(("if-match", "\"1\"".into()));
            } else {
                *body = json!({"version": 1});
            }
        }
        entries
    }

    #[test]
    fn two_things_under_one_key_are_noticed() {
        let made = |id: &str, number: u64| {
            let mut entries = answered(Duration::ZERO, ServiceName::Tickets, "POST /api/tickets", json!({"id": id}));
            for entry in &mut entries {
                match &mut entry.what {
                    HistoryEvent::Asked { number: asked, headers, .. } => {
                        (*asked, *headers) = (number, vec![("idempotency-key", "k".into())]);
                    }
                    HistoryEvent::Answered { number: answered, .. } => *answered = number,
                    _ => {}
                }
            }
            entries
        };
        assert_eq!(check(&run([made("a", 1), made("a", 2)].concat())), [""; 0]);
        assert_eq!(check(&run([made("a", 1), made("b", 2)].concat())).len(), 1);
    }

    #[test]
    fn an_edit_that_replaces_what_its_seller_has_not_seen_is_noticed() {
        for in_header in [true, false] {
            let story = |between| [ticket(0, 10), ticket(1, 20), ticket(2, between), ticket(3, 99)];
            assert_eq!(check(&run(story(20).into_iter().chain(edit(in_header)).collect())), [""; 0]);
            assert_eq!(check(&run(story(30).into_iter().chain(edit(in_header)).collect())).len(), 1);
            let promising = |version, delivery: Value| {
                let body = json!({"title": "Gala", "price": 20, "details": {"delivery": delivery}});
                let commit = committed(ServiceName::Tickets, "tickets", "t", body);
                written(Duration::from_secs(version), Committed { version, ..commit })
            };
            let given = |promised: &str, mode: &str, seal: u32| {
                let before = promising(1, json!({"mode": promised, "seal": 0}));
                let after = promising(2, json!({"mode": mode, "seal": seal, "checked": true}));
                let story = [before, after, ticket(3, 99)].into_iter().chain(edit(in_header));
                check(&run(story.collect())).len()
            };
            assert_eq!(
                (given("sealed", "sealed", 1), given("sealed", "later", 1)),
                (0, 1),
                "what is given is not said"
            );
            assert_eq!((given("later", "sealed", 1), given("later", "sealed", 0)), (0, 1), "it came early");
        }
    }
}
