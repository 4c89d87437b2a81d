use std::collections::BTreeMap;

use super::run::Run;
use crate::simulation::history::Committed;
use crate::simulation::place::Place;

/// A copy that one service keeps of another's aggregates: where it is, whose it is, and which fields of
/// the copy show which of the original.
struct Replica {
    at: (Place, &'static str),
    of: (Place, &'static str),
    fields: &'static [(&'static str, &'static str)],
}

const REPLICAS: [Replica; 3] = [
    Replica {
        at: (Place::Orders, "tickets"),
        of: (Place::Tickets, "tickets"),
        fields: &[("price", "price"), ("title", "title"), ("sellerId", "userId")],
    },
    Replica {
        at: (Place::Tickets, "orders"),
        of: (Place::Orders, "orders"),
        fields: &[("status", "status"), ("ticketId", "ticket.id")],
    },
    Replica {
        at: (Place::Payments, "orders"),
        of: (Place::Orders, "orders"),
        fields: &[("status", "status"), ("price", "ticket.price"), ("userId", "userId"), ("expiresAt", "expiresAt")],
    },
];

/// I3: replicas go through all versions of their originals, one by one; each version says what the
/// original said; and at rest they are where the originals are.
pub(super) fn check(run: &Run) -> Vec<String> {
    REPLICAS.iter().flat_map(|replica| check_replica(run, replica)).collect()
}

fn check_replica(run: &Run, replica: &Replica) -> Vec<String> {
    let (place, collection) = replica.at;
    let copy = |id: &str| format!("{}' copy of {} {id}", place.name(), replica.of.1);
    let mut originals: BTreeMap<(&str, u64), &Committed> = BTreeMap::new();
    let mut latest: BTreeMap<&str, u64> = BTreeMap::new();
    for (_, commit) in run.commits_to(replica.of.0, replica.of.1) {
        originals.insert((&commit.id, commit.version), commit);
        // The version in which an order notes its refund is told to nobody: it is the last.
        let is_untold = commit.events.is_empty() && commit.body.contains_key("refund");
        if !is_untold {
            latest.insert(&commit.id, commit.version);
        }
    }
    let mut seen = Vec::new();
    let mut applied: BTreeMap<&str, u64> = BTreeMap::new();
    for (at, commit) in run.commits_to(place, collection) {
        let expected = applied.get(commit.id.as_str()).map_or(0, |version| version + 1);
        if commit.version != expected {
            seen.push(format!("at {at:?} {} goes to version {}, not {expected}", copy(&commit.id), commit.version));
        }
        applied.insert(&commit.id, commit.version);
        let Some(original) = originals.get(&(commit.id.as_str(), commit.version)) else {
            seen.push(format!("{} has a version {} that never was", copy(&commit.id), commit.version));
            continue;
        };
        for (here, there) in replica.fields.iter().filter(|(here, there)| commit.field(here) != original.field(there)) {
            let (is, was) = (commit.field(here), original.field(there));
            seen.push(format!(
                "{} says {here} {is} in version {}, not {was} ({there})",
                copy(&commit.id),
                commit.version
            ));
        }
    }
    for (id, version) in latest.iter().filter(|(id, version)| applied.get(*id) != Some(*version)) {
        seen.push(format!("{} rests at version {:?}, not {version}", copy(id), applied.get(id)));
    }
    seen
}
