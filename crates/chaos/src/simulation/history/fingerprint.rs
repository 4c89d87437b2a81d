use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;

use super::{Committed, Entry, Happening};
use crate::simulation::place::Place;

/// A number for the whole history. The keys that auth makes, and what follows from them, are not in
/// it: they come from a generator that cannot be seeded, and decide nothing.
pub(super) fn of(entries: &[Entry]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for entry in entries {
        entry.at.hash(&mut hasher);
        happening(&entry.what, &mut hasher);
    }
    hasher.finish()
}

fn happening(what: &Happening, hasher: &mut DefaultHasher) {
    std::mem::discriminant(what).hash(hasher);
    match what {
        Happening::Asked { number, person, session, place, call, body } => {
            (number, person, session, place, call).hash(hasher);
            value(body, hasher);
        }
        Happening::Answered { number, status, body } => {
            (number, status).hash(hasher);
            value(body, hasher);
        }
        Happening::Committed(commit) => committed(commit, hasher),
        Happening::Published(told) => told.id.hash(hasher),
        Happening::Acknowledged { consumer, event } => (consumer, event).hash(hasher),
        Happening::Trouble { place, what } | Happening::Crashed { place, when: what } => (place, what).hash(hasher),
        Happening::Started { place } => place.hash(hasher),
        Happening::ClockSet { place, skew } => (place, skew).hash(hasher),
        Happening::PowerCut | Happening::Healed | Happening::Settled => {}
    }
}

fn committed(commit: &Committed, hasher: &mut DefaultHasher) {
    (commit.place, commit.collection, &commit.id, commit.version, commit.clock).hash(hasher);
    if commit.place != Place::Auth {
        commit.body.iter().for_each(|(name, field)| {
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
