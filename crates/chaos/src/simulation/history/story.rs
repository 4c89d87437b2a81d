use std::fmt::Write;

use serde_json::Value;
use server::services::ServiceName;

use super::{Committed, Entry, HistoryEvent};

/// The names of the people.
const PEOPLE: [&str; 8] = ["Ada", "Bob", "Cem", "Dora", "Eve", "Finn", "Gil", "Hana"];

/// A history as readable text: when, who, what.
pub(in crate::simulation) fn render(entries: &[Entry]) -> String {
    let mut story = String::new();
    for Entry { at, what } in entries {
        if let Some((who, did)) = line(what) {
            // Writing to a string does not fail.
            let _ = writeln!(story, "{:>9.3} s  {who:<11} {did}", at.as_secs_f64());
        }
    }
    story
}

fn line(what: &HistoryEvent) -> Option<(&'static str, String)> {
    Some(match what {
        HistoryEvent::Asked { number, person, session, service, call, headers, body } => {
            let with = if body.is_null() { String::new() } else { format!(" {body}") };
            let headers: String = headers.iter().map(|(name, value)| format!(" ({name}: {value})")).collect();
            (name(*person), format!("#{number} asks {service} (session {session}): {call}{headers}{with}"))
        }
        HistoryEvent::Answered { number, status: Some(status), body } => {
            ("", format!("#{number} is answered {status} {}", short(body)))
        }
        HistoryEvent::Answered { number, status: None, .. } => ("", format!("#{number} gets no answer")),
        HistoryEvent::Committed(commit) => (commit.party.name(), committed(commit)?),
        HistoryEvent::Published(event) => ("bus", format!("keeps {} {} of {}", event.kind, event.id, event.source)),
        HistoryEvent::Acknowledged { consumer, event } => ("bus", format!("{consumer} is done with {event}")),
        HistoryEvent::Mailed { mail, is_answered: true } => ("mail server", format!("takes {mail}")),
        HistoryEvent::Mailed { mail, is_answered: false } => ("mail server", format!("takes {mail}, and is not heard")),
        HistoryEvent::Trouble { party, what } => (party.name(), format!("! {what}")),
        HistoryEvent::Crashed { service, when } => (service.as_str(), format!("CRASHES {when}")),
        HistoryEvent::Started { service } => (service.as_str(), "is up".into()),
        HistoryEvent::PowerCut => ("all", "CRASH at once, and the bus".into()),
        HistoryEvent::ClockSet { service, skew } => (service.as_str(), format!("has its clock set {skew} ms off")),
        HistoryEvent::Healed => ("all", "is well from now on".into()),
        HistoryEvent::Settled => ("all", "is done".into()),
    })
}

/// Writes of auth are left out, except the end of sessions.
fn committed(commit: &Committed) -> Option<String> {
    let Committed { party, collection, id, version, body, events, .. } = commit;
    if *party == ServiceName::Auth.into() && events.is_empty() {
        return None;
    }
    let fields: Vec<String> = body
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "details" | "foundBy" | "listedAt" | "answers" | "undelivered"))
        .map(|(name, value)| format!("{name}: {}", short(value)))
        .collect();
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    let publishing = if kinds.is_empty() { String::new() } else { format!(", to publish {}", kinds.join(", ")) };
    Some(format!("writes {collection} {id} v{version} {{{}}}{publishing}", fields.join(", ")))
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(240) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn name(person: usize) -> &'static str {
    PEOPLE.get(person).copied().unwrap_or("somebody")
}
