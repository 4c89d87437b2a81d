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
            let _ = writeln!(story, "{:>9.3} s  {who:<12} {did}", at.as_secs_f64());
        }
    }
    story
}

fn line(what: &HistoryEvent) -> Option<(String, String)> {
    Some(match what {
        HistoryEvent::Asked { number, person, session, process, call, headers, body } => {
            let with = if body.is_null() { String::new() } else { format!(" {body}") };
            let headers: String = headers.iter().map(|(name, value)| format!(" ({name}: {value})")).collect();
            (name(*person), format!("#{number} asks {process} (session {session}): {call}{headers}{with}"))
        }
        HistoryEvent::Answered { number, status: Some(status), body } => {
            (String::new(), format!("#{number} is answered {status} {}", short(body)))
        }
        HistoryEvent::Answered { number, status: None, .. } => (String::new(), format!("#{number} gets no answer")),
        HistoryEvent::Committed(commit) => (commit.by.to_string(), committed(commit)?),
        HistoryEvent::Published(event) => {
            ("bus".into(), format!("keeps {} {} of {}", event.kind, event.id, event.source))
        }
        HistoryEvent::Acknowledged { process, consumer, event } => {
            (process.to_string(), format!("is done with {event} for {consumer}"))
        }
        HistoryEvent::Mailed { mail, is_answered: true } => ("mail server".into(), format!("takes {mail}")),
        HistoryEvent::Mailed { mail, is_answered: false } => {
            ("mail server".into(), format!("takes {mail}, and is not heard"))
        }
        HistoryEvent::Trouble { who, what } => (who.to_string(), format!("! {what}")),
        HistoryEvent::Crashed { process, when } => (process.to_string(), format!("CRASHES {when}")),
        HistoryEvent::Started { process } => (process.to_string(), "is up".into()),
        HistoryEvent::PowerCut => ("all".into(), "CRASH at once, and the bus".into()),
        HistoryEvent::ClockSet { process, skew } => (process.to_string(), format!("has its clock set {skew} ms off")),
        HistoryEvent::Healed => ("all".into(), "is well from now on".into()),
        HistoryEvent::Settled => ("all".into(), "is done".into()),
    })
}

/// Writes of auth are left out, except the end of sessions.
fn committed(commit: &Committed) -> Option<String> {
    let Committed { collection, id, version, body, events, .. } = commit;
    if commit.party() == ServiceName::Auth.into() && events.is_empty() {
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

fn name(person: usize) -> String {
    PEOPLE.get(person).copied().unwrap_or("somebody").into()
}
