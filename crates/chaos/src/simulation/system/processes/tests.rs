//! Where services have two processes, both do all of it.

use std::collections::BTreeMap;

use crate::simulation::history::{Committed, HistoryEvent};
use crate::simulation::party::{Actor, ProcessName};
use crate::simulation::run_seed;

/// How many seeds it takes for what is rare, such as word of a ticket that came late, to come to both processes.
const SEEDS: u64 = 60;

/// How often the first process, and the second, has done something of this kind in any of the seeds.
type Shares = BTreeMap<String, [usize; 2]>;

/// Of every fourth seed from this one on.
fn shares(first: u64) -> Shares {
    let mut shares = Shares::new();
    for entry in (0..SEEDS).map(|number| first + 4 * number).flat_map(|seed| run_seed(seed).entries) {
        if let Some((kind, process)) = share(entry.what) {
            shares.entry(kind).or_default()[process.number] += 1;
        }
    }
    shares
}

fn share(done: HistoryEvent) -> Option<(String, ProcessName)> {
    match done {
        HistoryEvent::Started { process } => Some((format!("starts of {}", process.service), process)),
        HistoryEvent::Asked { process, .. } => Some((format!("requests to {}", process.service), process)),
        HistoryEvent::Acknowledged { process, consumer, .. } => Some((format!("deliveries to {consumer}"), process)),
        HistoryEvent::Committed(commit) => kind(&commit).zip(process(&commit)),
        _ => None,
    }
}

/// What other services, Stripe, or nobody has asked for.
fn kind(commit: &Committed) -> Option<String> {
    let is_published = |kind| commit.events.iter().any(|event| event.kind == kind);
    let kind = match commit.collection {
        "orders" if commit.text("status") == Some("closed") => "questions of tickets",
        "received_events" => "webhooks",
        "schedules" if is_published("expiration.completed") => "ends of reservations",
        _ => return None,
    };
    Some(kind.into())
}

fn process(commit: &Committed) -> Option<ProcessName> {
    match commit.by {
        Actor::Process(process) => Some(process),
        Actor::Stripe => None,
    }
}

#[test]
fn in_every_fourth_seed_each_service_has_two_processes_and_both_do_whatever_one_does() {
    // From the first on services have one process, from the third on two.
    let (by_one, by_two) = (shares(1), shares(3));
    let kinds = |shares: &Shares| shares.keys().cloned().collect::<Vec<_>>();
    assert_eq!(kinds(&by_two), kinds(&by_one));
    // Seven start, five are asked by people, and there are seventeen consumers.
    assert_eq!(by_one.len(), 7 + 5 + 17 + 3, "{by_one:?}");
    assert!(by_one.values().all(|[_, second]| *second == 0), "{by_one:?}");
    for (kind, shares) in by_two {
        // While both are ready, requests go to either.
        let least = if kind.starts_with("requests") { shares.iter().sum::<usize>() / 4 } else { 1 };
        assert!(shares.iter().all(|share| *share >= least), "{kind}: {shares:?}");
    }
}
