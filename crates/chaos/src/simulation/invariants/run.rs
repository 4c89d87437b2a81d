use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result};
use common::time::Timestamp;
use ports::bus::{Bus, DeadLetter, Watched};
use ports::store::{Query, Record, RecordStore};
use serde_json::Value;
use server::services::ServiceName;
use stripe_sim::Ledger;

use super::clock_history::ClockHistory;
use crate::services::{collections, is_closed_edition};
use crate::simulation::history::{Committed, Entry, HistoryEvent};
use crate::simulation::party::{Actor, Party};
use crate::simulation::plan::Plan;
use crate::simulation::system::{BEGINNING, System};

/// A finished run: its history, and its final state.
pub(in crate::simulation) struct Run {
    pub(in crate::simulation) plan: Plan,
    pub(in crate::simulation) entries: Vec<Entry>,
    pub(super) came_to_rest: bool,
    /// When the faults stopped.
    pub(super) healed_at: Duration,
    /// By service, collection and id.
    pub(super) records: BTreeMap<(ServiceName, &'static str), BTreeMap<String, Record>>,
    /// The ids of all events on the bus.
    pub(super) kept: BTreeSet<String>,
    pub(super) dead_letters: Vec<DeadLetter>,
    pub(super) ledger: Ledger,
}

/// A request and its response.
pub(super) struct Exchange<'a> {
    pub(super) person: usize,
    pub(super) session: usize,
    pub(super) service: ServiceName,
    pub(super) call: &'a str,
    pub(super) headers: &'a [(&'static str, String)],
    /// The body of the request.
    pub(super) sent: &'a Value,
    pub(super) asked_at: Duration,
    pub(super) answered_at: Duration,
    pub(super) status: Option<u16>,
    pub(super) body: &'a Value,
}

impl Run {
    /// Reads the final state of `system`.
    pub(in crate::simulation) async fn collect(system: &System, plan: Plan, came_to_rest: bool) -> Result<Self> {
        let entries = system.around.history.entries();
        let healed = entries.iter().rev().find(|entry| matches!(entry.what, HistoryEvent::Healed));
        let mut records = BTreeMap::new();
        for service in ServiceName::ALL {
            for collection in collections(service) {
                let found = system.store(service).find(collection, &Query::default()).await?;
                let found = found.into_iter().map(|record| (record.id.clone(), record)).collect();
                records.insert((service, collection.name), found);
            }
        }
        let bus = system.around.engines.bus().context("the bus is up")?;
        Ok(Self {
            plan,
            came_to_rest,
            healed_at: healed.map_or(Duration::MAX, |entry| entry.at),
            records,
            kept: read_all(bus.as_ref(), &entries).await?,
            dead_letters: bus.dead_letters(0, 1_000).await?,
            ledger: system.simulator.ledger().await?,
            entries,
        })
    }

    /// All commits, in order.
    pub(super) fn commits(&self) -> impl Iterator<Item = (Duration, &Committed)> {
        self.entries.iter().filter_map(|entry| match &entry.what {
            HistoryEvent::Committed(commit) => Some((entry.at, commit.as_ref())),
            _ => None,
        })
    }

    /// The commits to one collection, in order.
    pub(super) fn commits_to(
        &self,
        party: impl Into<Party>,
        collection: &'static str,
    ) -> impl Iterator<Item = (Duration, &Committed)> {
        let party = party.into();
        self.commits().filter(move |(_, commit)| commit.is_of(party, collection))
    }

    /// The commits of orders, in order.
    pub(super) fn order_commits(&self) -> impl Iterator<Item = (Duration, &Committed)> {
        self.commits().filter(|(_, commit)| commit.is_order())
    }

    /// The orders as they are in the end.
    pub(super) fn orders(&self) -> impl Iterator<Item = &Record> {
        self.records(ServiceName::Orders, "orders").filter(|order| !is_closed_edition(order))
    }

    /// The final records of a collection, by id.
    pub(super) fn records(&self, service: ServiceName, collection: &'static str) -> impl Iterator<Item = &Record> {
        self.records.get(&(service, collection)).into_iter().flat_map(BTreeMap::values)
    }

    /// One final record.
    pub(super) fn record(&self, service: ServiceName, collection: &'static str, id: &str) -> Option<&Record> {
        self.records.get(&(service, collection))?.get(id)
    }

    /// Every request with its response, in the order of the responses.
    pub(super) fn exchanges(&self) -> impl Iterator<Item = Exchange<'_>> {
        let asked: BTreeMap<u64, &Entry> = self
            .entries
            .iter()
            .filter_map(|entry| match &entry.what {
                HistoryEvent::Asked { number, .. } => Some((*number, entry)),
                _ => None,
            })
            .collect();
        self.entries.iter().filter_map(move |entry| {
            let HistoryEvent::Answered { number, status, body } = &entry.what else { return None };
            let question = asked.get(number)?;
            let HistoryEvent::Asked { person, session, process, call, headers, body: sent, .. } = &question.what else {
                return None;
            };
            Some(Exchange {
                person: *person,
                session: *session,
                service: process.service,
                call,
                headers,
                sent,
                asked_at: question.at,
                answered_at: entry.at,
                status: *status,
                body,
            })
        })
    }

    /// What the clock of a process showed.
    pub(super) fn clock(&self, of: Actor) -> ClockHistory {
        ClockHistory::of(of, &self.entries)
    }

    /// The id of a person's account.
    pub(super) fn account(&self, person: usize) -> Option<&str> {
        let email = format!("person-{person}@example.com");
        let of_person = |record: &&Record| record.body.values().any(|value| value.as_str() == Some(&email));
        self.records(ServiceName::Auth, "users").find(of_person).map(|record| record.id.as_str())
    }

    /// The true time at which a correct clock shows `moment`.
    pub(super) fn true_time(moment: Timestamp) -> Duration {
        moment.since(Timestamp::from_millis(BEGINNING))
    }
}

impl Exchange<'_> {
    pub(super) fn succeeded(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// The part of the path after `prefix`, such as an id.
    pub(super) fn after<'a>(&'a self, prefix: &str) -> Option<&'a str> {
        self.call.strip_prefix(prefix)
    }
}

/// The ids of all events on the bus, of the types that were ever published.
async fn read_all(bus: &dyn Bus, entries: &[Entry]) -> Result<BTreeSet<String>> {
    let published = entries.iter().flat_map(|entry| match &entry.what {
        HistoryEvent::Committed(commit) => commit.events.as_slice(),
        HistoryEvent::Published(event) => std::slice::from_ref(event),
        _ => &[],
    });
    let kinds: BTreeSet<&str> = published.map(|event| event.kind.as_str()).collect();
    let mut kept = BTreeSet::new();
    for kind in kinds {
        let mut watch = bus.watch(common::events::stream_of(kind), &[kind], true).await?;
        while let Watched::Event(event) = watch.next().await? {
            kept.insert(format!("{} {}", event.source, event.id));
        }
    }
    Ok(kept)
}

/// The time in a field of a record.
pub(super) fn moment(value: &Value) -> Option<Timestamp> {
    Timestamp::parse(value.as_str()?).ok()
}
