use std::collections::BTreeMap;

use serde_json::Value;
use server::services::ServiceName;

use super::run::Run;
use crate::simulation::history::Committed;

/// A replica that one service keeps of another's aggregates: its collection, its source, and which of its
/// fields correspond to which of the source.
struct Replica {
    at: (ServiceName, &'static str),
    of: (ServiceName, &'static str),
    fields: &'static [(&'static str, &'static str)],
}

const REPLICAS: [Replica; 3] = [
    Replica {
        at: (ServiceName::Orders, "tickets"),
        of: (ServiceName::Tickets, "tickets"),
        fields: &[
            ("price", "price"),
            ("currency", "currency"),
            ("title", "title"),
            ("details", "details"),
            ("edition", "edition"),
            ("sellerId", "userId"),
        ],
    },
    Replica {
        at: (ServiceName::Tickets, "orders"),
        of: (ServiceName::Orders, "orders"),
        fields: &[("status", "status"), ("ticketId", "ticket.id")],
    },
    Replica {
        at: (ServiceName::Payments, "orders"),
        of: (ServiceName::Orders, "orders"),
        fields: &[("status", "status"), ("price", "ticket.price"), ("userId", "userId"), ("expiresAt", "expiresAt")],
    },
];

/// I3: replicas go through all published versions of their sources, one by one; each version has the
/// source's values, which do not change without being published; and in an idle system replicas are at the
/// versions of their sources.
pub(super) fn check(run: &Run) -> Vec<String> {
    REPLICAS.iter().flat_map(|replica| check_replica(run, replica)).collect()
}

fn check_replica(run: &Run, replica: &Replica) -> Vec<String> {
    let (service, collection) = replica.at;
    let copy = |id: &str| format!("{service}' copy of {} {id}", replica.of.1);
    let mut originals: BTreeMap<(&str, u64), &Committed> = BTreeMap::new();
    let mut latest: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seen = Vec::new();
    let sources = run.commits_to(replica.of.0, replica.of.1);
    for (at, commit) in sources.filter(|(_, commit)| commit.text("status") != Some("closed")) {
        let published = *originals.entry((&commit.id, commit.version)).or_insert(commit);
        for (_, field) in
            replica.fields.iter().filter(|(_, field)| told(commit.field(field)) != told(published.field(field)))
        {
            let version = commit.version;
            seen.push(format!("at {at:?} {} {} changes {field} within version {version}", replica.of.1, commit.id));
        }
        latest.insert(&commit.id, commit.version);
    }
    let mut applied: BTreeMap<&str, u64> = BTreeMap::new();
    for (at, commit) in run.commits_to(service, collection) {
        let expected = applied.get(commit.id.as_str()).map_or(0, |version| version + 1);
        if commit.version != expected {
            seen.push(format!("at {at:?} {} goes to version {}, not {expected}", copy(&commit.id), commit.version));
        }
        applied.insert(&commit.id, commit.version);
        match originals.get(&(commit.id.as_str(), commit.version)) {
            Some(original) => seen.extend(differences(replica, commit, original)),
            None => seen.push(format!("{} has a version {} that never existed", copy(&commit.id), commit.version)),
        }
    }
    for (id, version) in latest.iter().filter(|(id, version)| applied.get(*id) != Some(*version)) {
        seen.push(format!("{} ends at version {:?}, not {version}", copy(id), applied.get(id)));
    }
    seen
}

/// What other services hear of a value: to them an order that waits for its payment is as open as before.
fn told(value: &Value) -> &Value {
    static OPEN: Value = Value::Bool(true);
    match value.as_str() {
        Some("created" | "awaiting:payment") => &OPEN,
        _ => value,
    }
}

fn differences(replica: &Replica, copy: &Committed, original: &Committed) -> Vec<String> {
    let differ = |(here, there): &&(&str, &str)| told(copy.field(here)) != told(original.field(there));
    let describe = |(here, there): &(&str, &str)| {
        let (is, was) = (copy.field(here), original.field(there));
        let (service, Committed { id, version, .. }) = (replica.at.0, copy);
        format!("{service}' copy of {id} says {here} {is} in version {version}, not {was} ({there})")
    };
    replica.fields.iter().filter(differ).map(describe).collect()
}
