use std::marker::PhantomData;
use std::sync::Arc;

use super::aggregate::{Aggregate, from_record, to_record};
use super::error::{Conflict, StoreError};
use super::query::{Cursor, Query};
use super::record::{Commit, Precondition, Record};
use super::{Condition, RecordStore};
use crate::clock::Clock;
use crate::crash_point::{CrashPoint, crash_point};
use crate::events::{Envelope, NewEvent};
use crate::mutant::{self, Mutant};
use crate::outbox::Relay;
use crate::version::{Sequence, Version};

/// How often an update is tried again when others keep changing the same aggregate.
const MAX_ATTEMPTS: u32 = 64;

/// A typed collection of aggregates. Cheap to clone.
pub struct Store<A> {
    records: Arc<dyn RecordStore>,
    relay: Relay,
    clock: Clock,
    aggregate: PhantomData<fn() -> A>,
}

/// What an update decided.
#[derive(Debug)]
pub enum Change {
    /// Leave the aggregate as it is stored.
    Keep,
    /// Commit it, and tell these events.
    Commit(Vec<NewEvent>),
}

/// What became of an event applied to a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next version, and is stored now.
    Now,
    /// It had been applied before.
    Before,
    /// An earlier version is still missing.
    Gap,
}

/// One page of a result.
#[derive(Debug)]
pub struct Page<A> {
    /// The aggregates on it.
    pub items: Vec<A>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<A> Clone for Store<A> {
    fn clone(&self) -> Self {
        Self {
            records: self.records.clone(),
            relay: self.relay.clone(),
            clock: self.clock.clone(),
            aggregate: PhantomData,
        }
    }
}

impl<A: Aggregate> Store<A> {
    /// A store for `A` in `records`, whose events go out through `relay`.
    pub fn new(records: Arc<dyn RecordStore>, relay: Relay, clock: Clock) -> Self {
        Self { records, relay, clock, aggregate: PhantomData }
    }

    /// The aggregate with this id.
    ///
    /// # Errors
    /// If the database fails or holds something unreadable.
    pub async fn get(&self, id: impl ToString) -> Result<Option<A>, StoreError> {
        self.records.get(A::COLLECTION, &id.to_string()).await?.map(from_record).transpose()
    }

    /// All aggregates that answer the query. One that cannot be read is logged and left out: it
    /// must not stop the work on all others.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn find(&self, query: &Query) -> Result<Vec<A>, StoreError> {
        Ok(readable(self.records.find(A::COLLECTION, query).await?))
    }

    /// One page of at most `limit` aggregates that answer the query, unreadable ones left out.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn page(&self, mut query: Query, limit: usize) -> Result<Page<A>, StoreError> {
        query.limit = Some(limit + 1);
        let mut records = self.records.find(A::COLLECTION, &query).await?;
        let has_more = records.len() > limit;
        records.truncate(limit);
        let next = records.last().filter(|_| has_more).map(|last| Cursor::after(last, query.sort));
        Ok(Page { items: readable(records), next })
    }

    /// Stores a new aggregate at its own version and tells `events`.
    ///
    /// # Errors
    /// `Conflict::Exists` or `Conflict::Unique` if it collides with another; then nothing is
    /// stored and nothing told.
    pub async fn insert(&self, aggregate: &A, events: Vec<NewEvent>) -> Result<(), StoreError> {
        self.commit(aggregate, Precondition::DoesNotExist, events).await
    }

    /// Changes the aggregate with this id: `decide` sees it, already stamped with its next
    /// version so that events can be made from it, and says whether to commit. Where somebody
    /// else commits first, `decide` is asked again about the newer state.
    ///
    /// Returns the aggregate as it stands afterwards, `None` if there is none.
    ///
    /// # Errors
    /// What `decide` refuses with, or a failure of the store.
    pub async fn update<E: From<StoreError>>(
        &self,
        id: impl ToString,
        mut decide: impl FnMut(&mut A) -> Result<Change, E>,
    ) -> Result<Option<A>, E> {
        let id = id.to_string();
        for attempt in 1.. {
            let Some(mut aggregate) = self.get(&id).await? else { return Ok(None) };
            let loaded = aggregate.version();
            aggregate.set_version(loaded.next());
            let events = match decide(&mut aggregate)? {
                Change::Keep => {
                    aggregate.set_version(loaded);
                    return Ok(Some(aggregate));
                }
                Change::Commit(events) => events,
            };
            match self.commit(&aggregate, Precondition::MatchesVersion(loaded), events).await {
                Ok(()) => return Ok(Some(aggregate)),
                Err(StoreError::Conflict(Conflict::Stale)) if attempt < MAX_ATTEMPTS => {}
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Applies version `incoming` of an aggregate that another service owns (invariant I3).
    /// `build` makes the new state from the present one; the store stamps it with `incoming`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replicate(
        &self,
        id: impl ToString,
        incoming: Version,
        mut build: impl FnMut(Option<A>) -> A,
    ) -> Result<Applied, StoreError> {
        let id = id.to_string();
        for attempt in 1.. {
            // A first version is hardly ever a duplicate; where it is, the commit finds out.
            let is_new = incoming == Version::FIRST && attempt == 1;
            let present = if is_new { None } else { self.get(&id).await? };
            let applied = present.as_ref().map(A::version);
            match Sequence::of(incoming, applied) {
                Sequence::Duplicate => return Ok(Applied::Before),
                Sequence::Gap => return Ok(Applied::Gap),
                Sequence::Next => {}
            }
            let precondition = applied.map_or(Precondition::DoesNotExist, Precondition::MatchesVersion);
            let mut replica = build(present);
            replica.set_version(incoming);
            match self.commit(&replica, precondition, Vec::new()).await {
                Ok(()) => return Ok(Applied::Now),
                Err(StoreError::Conflict(Conflict::Stale | Conflict::Exists)) if attempt < MAX_ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// Where `incoming` stands to the replica with this id, without applying it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sequence(&self, id: impl ToString, incoming: Version) -> Result<Sequence, StoreError> {
        Ok(Sequence::of(incoming, self.get(id).await?.as_ref().map(A::version)))
    }

    /// Removes what meets all conditions and has told all its events.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn purge(&self, conditions: &[Condition]) -> Result<u64, StoreError> {
        self.records.purge(A::COLLECTION, conditions).await
    }

    async fn commit(&self, aggregate: &A, precondition: Precondition, events: Vec<NewEvent>) -> Result<(), StoreError> {
        let record = to_record(aggregate)?;
        let outgoing = self.stamp(&record.id, record.version, events);
        let events = if mutant::is_active(Mutant::OutboxDropped) { Vec::new() } else { outgoing.clone() };
        let record_id = record.id.clone();
        let written = self.records.commit(Commit { collection: A::COLLECTION, record, precondition, events }).await;
        if matches!(written, Err(StoreError::Unavailable(_))) && !outgoing.is_empty() {
            self.relay.doubt();
        }
        written?;
        if !outgoing.is_empty() {
            crash_point(CrashPoint::Committed);
        }
        self.relay.send(A::COLLECTION, record_id, outgoing);
        Ok(())
    }

    fn stamp(&self, id: &str, version: Version, events: Vec<NewEvent>) -> Vec<Envelope> {
        let time = self.clock.now();
        let stamp = |(position, event): (usize, NewEvent)| Envelope {
            id: if position == 0 { format!("{id}:{version}") } else { format!("{id}:{version}:{position}") },
            source: self.relay.source().to_owned(),
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

fn readable<A: Aggregate>(records: Vec<Record>) -> Vec<A> {
    let read = |record| from_record(record).inspect_err(|error| tracing::error!(%error, "left out of a result")).ok();
    records.into_iter().filter_map(read).collect()
}
