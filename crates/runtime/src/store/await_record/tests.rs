use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use common::id::{IdGenerator, TicketId};
use common::version::Version;
use futures::FutureExt;
use ports::clock::Clock;
use ports::store::{Collection, Commit, Condition, OutboxEntry, OutboxKey, Query, Record, RecordStore};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::*;
use crate::outbox::Relay;

const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Replica {
    id: TicketId,
}

impl Stored for Replica {
    const COLLECTION: &'static Collection = &Collection { name: "replicas", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// As much of a database as a replica needs. Unlike a real one it takes no time of its own.
#[derive(Default)]
struct Memory(Mutex<HashMap<String, Record>>);

#[async_trait]
impl RecordStore for Memory {
    fn publishes(&self) -> bool {
        false
    }

    async fn prepare(&self, _: &[&'static Collection]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn commit(&self, commit: Commit) -> Result<(), StoreError> {
        self.0.lock().expect("no panic").insert(commit.record.id.clone(), commit.record);
        Ok(())
    }

    async fn get(&self, _: &'static Collection, id: &str) -> Result<Option<Record>, StoreError> {
        Ok(self.0.lock().expect("no panic").get(id).cloned())
    }

    async fn find(&self, _: &'static Collection, _: &Query) -> Result<Vec<Record>, StoreError> {
        Ok(Vec::new())
    }

    async fn purge(&self, _: &'static Collection, _: &[Condition]) -> Result<u64, StoreError> {
        Ok(0)
    }

    async fn unpublished(
        &self,
        _: &'static Collection,
        _: Timestamp,
        _: usize,
    ) -> Result<Vec<OutboxEntry>, StoreError> {
        Ok(Vec::new())
    }

    async fn mark_published(&self, _: &'static Collection, _: &[OutboxKey]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn close(&self) {}
}

/// What one test works with. The runtime's time is paused: it passes only while everything waits.
struct World {
    records: Arc<Memory>,
    clock: Clock,
    ids: IdGenerator,
}

impl World {
    fn new() -> Self {
        let began_at = Timestamp::from_millis(1_700_000_000_000);
        let clock = Clock::running(Instant::now(), began_at);
        Self { records: Arc::default(), clock, ids: IdGenerator::seeded(1) }
    }

    /// The store of one process.
    fn store(&self) -> Store<Replica> {
        Store::new(self.records.clone(), Relay::unused("replicas"), self.clock.clone())
    }

    fn made_now(&self) -> TicketId {
        self.ids.next(self.clock.now())
    }
}

fn value_of(awaited: Awaited<Replica>) -> Option<Replica> {
    match awaited {
        Awaited::Found(replica) => Some(replica.value),
        Awaited::NotYet | Awaited::Unknown => None,
    }
}

/// Waits for `id` in `store`, while `elsewhere` takes it in after a second. Returns how long that took.
async fn wait_while_taken_in_by(elsewhere: &Store<Replica>, store: &Store<Replica>, id: TicketId) -> Duration {
    let began = Instant::now();
    let (found, _) = tokio::join!(store.await_record(id, PATIENCE), async {
        tokio::time::sleep(Duration::from_millis(1_001)).await;
        elsewhere.replicate(id, Version::FIRST, |_| Replica { id }).await.expect("stores")
    });
    assert_eq!(value_of(found.expect("reads")), Some(Replica { id }));
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_record_that_this_process_takes_in_is_found_at_once() {
    let world = World::new();
    let store = world.store();
    let took = wait_while_taken_in_by(&store.clone(), &store, world.made_now()).await;
    assert_eq!(took, Duration::from_millis(1_001));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_another_process_takes_in_is_found_at_the_next_look() {
    let world = World::new();
    let took = wait_while_taken_in_by(&world.store(), &world.store(), world.made_now()).await;
    assert_eq!(took, Duration::from_millis(1_050));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_does_not_come_within_the_patience_may_still_come() {
    let (world, began) = (World::new(), Instant::now());
    let found = world.store().await_record(world.made_now(), PATIENCE).await.expect("reads");
    assert_eq!((found, began.elapsed()), (Awaited::NotYet, PATIENCE));
}

#[tokio::test(start_paused = true)]
async fn what_was_not_made_a_moment_ago_does_not_exist_and_is_not_waited_for() {
    let (world, began) = (World::new(), Instant::now());
    let (store, now) = (world.store(), world.clock.now());
    for made_at in [now - Duration::from_secs(61), now + Duration::from_secs(61)] {
        let id: TicketId = world.ids.next(made_at);
        assert_eq!(store.await_record(id, PATIENCE).await.expect("reads"), Awaited::Unknown);
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_here_is_not_waited_for() {
    let (world, began) = (World::new(), Instant::now());
    let (store, id) = (world.store(), world.made_now());
    store.replicate(id, Version::FIRST, |_| Replica { id }).await.expect("stores");
    assert_eq!(value_of(store.await_record(id, PATIENCE).await.expect("reads")), Some(Replica { id }));
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[test]
fn a_task_that_waits_is_woken_by_its_record_and_by_no_other() {
    let arrivals = Arrivals::default();
    let mut receiver = arrivals.0.subscribe();
    arrivals.announce("b");
    assert_eq!(announcement_of("a", &mut receiver).now_or_never(), None);
    arrivals.announce("a");
    assert_eq!(announcement_of("a", &mut receiver).now_or_never(), Some(()));
}

#[test]
fn a_task_that_missed_arrivals_is_woken_to_look() {
    let arrivals = Arrivals::default();
    let mut receiver = arrivals.0.subscribe();
    for _ in 0..=CAPACITY {
        arrivals.announce("b");
    }
    assert_eq!(announcement_of("a", &mut receiver).now_or_never(), Some(()));
}
