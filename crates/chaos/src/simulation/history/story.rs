use std::fmt::Write;

use serde_json::Value;

use super::{Committed, Entry, Happening};
use crate::simulation::place::Place;

/// The names people go by.
const PEOPLE: [&str; 8] = ["Ada", "Bob", "Cem", "Dora", "Eve", "Finn", "Gil", "Hana"];

/// A history for people to read: when, who, what.
pub(in crate::simulation) fn tell(entries: &[Entry]) -> String {
    let mut story = String::new();
    for Entry { at, what } in entries {
        if let Some((who, did)) = line(what) {
            // Writing to a text does not fail.
            let _ = writeln!(story, "{:>9.3} s  {who:<11} {did}", at.as_secs_f64());
        }
    }
    story
}

fn line(what: &Happening) -> Option<(&'static str, String)> {
    Some(match what {
        Happening::Asked { number, person, session, place, call, body } => {
            let with = if body.is_null() { String::new() } else { format!(" {body}") };
            (name(*person), format!("#{number} asks {} (session {session}): {call}{with}", place.name()))
        }
        Happening::Answered { number, status: Some(status), body } => {
            ("", format!("#{number} is answered {status} {}", short(body)))
        }
        Happening::Answered { number, status: None, .. } => ("", format!("#{number} gets no answer")),
        Happening::Committed(commit) => (commit.place.name(), committed(commit)?),
        Happening::Published(told) => ("bus", format!("keeps {} {} of {}", told.kind, told.id, told.source)),
        Happening::Acknowledged { consumer, event } => ("bus", format!("{consumer} is done with {event}")),
        Happening::Trouble { place, what } => (place.name(), format!("! {what}")),
        Happening::Crashed { place, when } => (place.name(), format!("CRASHES {when}")),
        Happening::Started { place } => (place.name(), "is up".into()),
        Happening::PowerCut => ("all", "CRASH at once, and the bus".into()),
        Happening::ClockSet { place, skew } => (place.name(), format!("has its clock set {skew} ms off")),
        Happening::Healed => ("all", "is well from now on".into()),
        Happening::Settled => ("all", "is done".into()),
    })
}

/// What auth writes is no part of the story, but for the end of sessions.
fn committed(commit: &Committed) -> Option<String> {
    let Committed { place, collection, id, version, body, events, .. } = commit;
    if *place == Place::Auth && events.is_empty() {
        return None;
    }
    let fields: Vec<String> = body
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "details" | "foundBy" | "listedAt" | "answers" | "undelivered"))
        .map(|(name, value)| format!("{name}: {}", short(value)))
        .collect();
    let tells: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    let tells = if tells.is_empty() { String::new() } else { format!(", telling {}", tells.join(", ")) };
    Some(format!("writes {collection} {id} v{version} {{{}}}{tells}", fields.join(", ")))
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
