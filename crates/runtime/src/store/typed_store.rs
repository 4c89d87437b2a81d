use std::sync::Arc;

use common::events::{Envelope, NewEvent};
use common::version::{Version, Versioned};
use ports::clock::Clock;
use ports::store::{Commit, Condition, Cursor, Precondition, Query, Record, RecordStore, Revision, StoreError};

use super::await_record::Arrivals;
use super::publish::Publish;
use super::recent::Recent;
use super::stored::{Loaded, Stored, from_record, to_record};
use super::turns::Turns;
use crate::crash_point::{CrashPoint, crash_point};
use crate::outbox::{Relay, traced};

/// How often a commit is tried while other commits keep changing the same aggregate: for some two seconds. 64 times were
/// lost once to another process that had 200 changes to make.
pub(super) const MAX_ATTEMPTS: u32 = 200;

/// A typed collection of aggregates. Cheap to clone: what a service keeps of one kind is one store and its clones, which
/// wake each other, take turns, and remember together.
pub struct Store<A>(pub(super) Arc<Shared<A>>);

/// What the clones of a store share.
pub(super) struct Shared<A> {
    records: Arc<dyn RecordStore>,
    relay: Relay,
    pub(super) clock: Clock,
    pub(super) arrivals: Arrivals,
    pub(super) turns: Turns,
    pub(super) recent: Recent<A>,
}

/// One page of a result.
#[derive(Debug)]
pub struct Page<A> {
    /// The aggregates on it.
    pub items: Vec<Versioned<A>>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<A> Clone for Store<A> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<A: Stored> Store<A> {
    /// A store for `A` in `records`, whose events are published by `relay`.
    pub fn new(records: Arc<dyn RecordStore>, relay: Relay, clock: Clock) -> Self {
        let (arrivals, turns, recent) = (Arrivals::default(), Turns::default(), Recent::default());
        Self(Arc::new(Shared { records, relay, clock, arrivals, turns, recent }))
    }

    /// The aggregate with this id.
    ///
    /// # Errors
    /// If the database fails or holds something unreadable.
    pub async fn get(&self, id: impl ToString) -> Result<Option<Versioned<A>>, StoreError> {
        Ok(self.load(&id.to_string()).await?.map(|loaded| loaded.aggregate))
    }

    /// The aggregate with this id as this process has known it last, within the last half a minute: other processes
    /// may have changed it since. For what was true for good once it was true.
    pub fn recall(&self, id: impl ToString) -> Option<Versioned<A>> {
        Some(self.0.recent.get(&id.to_string(), self.0.clock.now())?.aggregate)
    }

    /// All aggregates that match the query. One that cannot be read is logged and left out: it
    /// must not stop the work on all others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find(&self, query: &Query) -> Result<Vec<Versioned<A>>, StoreError> {
        Ok(readable(self.0.records.find(A::COLLECTION, query).await?))
    }

    /// One page of at most `limit` aggregates that match the query, without unreadable ones.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn page(&self, mut query: Query, limit: usize) -> Result<Page<A>, StoreError> {
        query.limit = Some(limit + 1);
        let mut records = self.0.records.find(A::COLLECTION, &query).await?;
        let has_more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| has_more).map(|last| Cursor::after(last, query.sort));
        Ok(Page { items: readable(records), next })
    }

    /// Stores a new aggregate and publishes what happened: that it was made.
    ///
    /// # Errors
    /// `Conflict::Exists` or `Conflict::Unique` if it collides with another; then nothing is
    /// stored and nothing published.
    pub async fn insert(&self, aggregate: A, what: &impl Publish<A>) -> Result<Versioned<A>, StoreError> {
        let aggregate = Versioned { version: Version::FIRST, value: aggregate };
        let events = what.events(&aggregate);
        self.commit(&aggregate, Revision::FIRST, Precondition::DoesNotExist, events).await?;
        Ok(aggregate)
    }

    /// Removes the aggregates that meet all conditions and have published all their events.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn purge(&self, conditions: &[Condition]) -> Result<u64, StoreError> {
        let purged = self.0.records.purge(A::COLLECTION, conditions).await?;
        if purged > 0 {
            // What was removed may be somebody who is to be forgotten.
            self.0.recent.clear();
        }
        Ok(purged)
    }

    pub(super) async fn load(&self, id: &str) -> Result<Option<Loaded<A>>, StoreError> {
        let loaded = self.0.records.get(A::COLLECTION, id).await?.map(from_record::<A>).transpose()?;
        if let Some(loaded) = &loaded {
            self.0.recent.remember(id, loaded.clone(), self.0.clock.now());
        }
        Ok(loaded)
    }

    pub(super) async fn commit(
        &self,
        aggregate: &Versioned<A>,
        revision: Revision,
        precondition: Precondition,
        events: Vec<NewEvent>,
    ) -> Result<(), StoreError> {
        let record = to_record(aggregate, revision)?;
        let id = record.id.clone();
        let events = self.stamp(&id, aggregate.version, events);
        let commit = Commit { collection: A::COLLECTION, record, precondition, events };
        // Until it is known to be written: it may be refused, or nobody may wait for the outcome.
        self.0.recent.forget(&id);
        let written =
            if self.0.records.publishes() { self.publish(commit).await } else { self.commit_for_relay(commit).await };
        if written.is_ok() {
            self.0.recent.remember(&id, Loaded { revision, aggregate: aggregate.clone() }, self.0.clock.now());
        }
        written
    }

    /// The events are on the bus when the record is written.
    async fn publish(&self, commit: Commit) -> Result<(), StoreError> {
        let _in_flight = self.0.relay.publishing(commit.events.len());
        let (events, mut spans): (Vec<_>, Vec<_>) = commit.events.into_iter().map(traced).unzip();
        let written = self.0.records.commit(Commit { events, ..commit }).await;
        match &written {
            Ok(()) if spans.is_empty() => {}
            Ok(()) => crash_point(CrashPoint::Committed),
            Err(_) => spans.iter_mut().for_each(|span| span.fail("not published")),
        }
        written
    }

    /// The events are in the outbox when the record is written, and go to the bus from there.
    async fn commit_for_relay(&self, commit: Commit) -> Result<(), StoreError> {
        let (record_id, outgoing) = (commit.record.id.clone(), commit.events.clone());
        let written = self.0.records.commit(commit).await;
        if matches!(written, Err(StoreError::Unavailable(_))) && !outgoing.is_empty() {
            self.0.relay.request_sweep();
        }
        written?;
        if !outgoing.is_empty() {
            crash_point(CrashPoint::Committed);
        }
        self.0.relay.send(A::COLLECTION, record_id, outgoing);
        Ok(())
    }

    fn stamp(&self, id: &str, version: Version, events: Vec<NewEvent>) -> Vec<Envelope> {
        let time = self.0.clock.now();
        let stamp = |(position, event): (usize, NewEvent)| Envelope {
            id: if position == 0 { format!("{id}:{version}") } else { format!("{id}:{version}:{position}") },
            source: self.0.relay.source().to_owned(),
            kind: event.kind.to_owned(),
            subject: event.subject,
            time,
            traceparent: crate::trace::current(),
            replay_for: None,
            data: event.data,
        };
        events.into_iter().enumerate().map(stamp).collect()
    }
}

fn readable<A: Stored>(records: Vec<Record>) -> Vec<Versioned<A>> {
    let read = |record| from_record(record).inspect_err(|error| tracing::error!(%error, "left out of a result")).ok();
    records.into_iter().filter_map(read).map(|loaded: Loaded<A>| loaded.aggregate).collect()
}
