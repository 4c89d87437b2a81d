use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use server::services::ServiceName;

use super::{Committed, Entry, HistoryEvent};

/// A hash of the whole history. It excludes the keys that auth and delivery generate, and everything derived from
/// them: they come from a generator that cannot be seeded, and decide nothing.
pub(super) fn of(entries: &[Entry]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for entry in entries {
        entry.at.hash(&mut hasher);
        happening(&entry.what, &mut hasher);
    }
    hasher.finish()
}

fn happening(what: &HistoryEvent, hasher: &mut DefaultHasher) {
    std::mem::discriminant(what).hash(hasher);
    match what {
        HistoryEvent::Asked { number, person, session, process, call, headers, body } => {
            (number, person, session, process, call, headers).hash(hasher);
            value(body, hasher);
        }
        HistoryEvent::Answered { number, status, body } => {
            (number, status).hash(hasher);
            value(body, hasher);
        }
        HistoryEvent::Committed(commit) => committed(commit, hasher),
        HistoryEvent::Published(event) => event.id.hash(hasher),
        HistoryEvent::Acknowledged { process, consumer, event } => (process, consumer, event).hash(hasher),
        HistoryEvent::Mailed { mail, is_answered } => (mail, is_answered).hash(hasher),
        HistoryEvent::Trouble { who, what } => (who, what).hash(hasher),
        HistoryEvent::Crashed { process, when } => (process, when).hash(hasher),
        HistoryEvent::Started { process } => process.hash(hasher),
        HistoryEvent::ClockSet { process, skew } => (process, skew).hash(hasher),
        HistoryEvent::PowerCut | HistoryEvent::Healed | HistoryEvent::Settled => {}
    }
}

fn committed(commit: &Committed, hasher: &mut DefaultHasher) {
    (commit.by, commit.collection, &commit.id, commit.revision, commit.version, commit.read_at).hash(hasher);
    if commit.party() != ServiceName::Auth.into() {
        // What delivery has encrypted.
        let is_random = |name: &str| commit.party() == ServiceName::Delivery.into() && name == "seals";
        commit.body.iter().filter(|(name, _)| !is_random(name)).for_each(|(name, field)| {
            name.hash(hasher);
            value(field, hasher);
        });
    }
    commit.events.iter().for_each(|event| event.id.hash(hasher));
}

fn value(json: &Value, hasher: &mut DefaultHasher) {
    match json {
        Value::Null => 0.hash(hasher),
        Value::Bool(flag) => flag.hash(hasher),
        Value::Number(number) => number.to_string().hash(hasher),
        Value::String(text) => text.hash(hasher),
        Value::Array(items) => items.iter().for_each(|item| value(item, hasher)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            name.hash(hasher);
            value(field, hasher);
        }),
    }
}
