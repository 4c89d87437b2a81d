use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;
use futures::{StreamExt, TryStreamExt, stream};
use ports::store::{Condition, Conflict, Query, StoreError};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::counted::Limits;
use super::shared_bucket::{EMPTIES_AT, SharedBucket, WRITTEN_AT};
use crate::service::BackgroundTask;
use crate::store::{Store, UpdateContext};

/// How often replicas exchange what they have counted.
const EVERY: Duration = Duration::from_secs(1);
/// How much further back than the last look the next one begins: the replicas' clocks differ, and a write takes
/// a while until it is seen. To read the same again changes nothing.
const OVERLAP: Duration = Duration::from_secs(5);
/// How often records that say nothing any more are removed, and how long they are kept beyond that.
const PURGE_EVERY: Duration = Duration::from_secs(10 * 60);
/// At most so many records are written at once.
const AT_ONCE: usize = 16;

/// Lets the replicas of a service know of each other's buckets, through its database.
pub(crate) struct Sharing {
    limits: Limits,
    store: Store<SharedBucket>,
}

impl Sharing {
    pub(crate) fn new(limits: Limits, store: Store<SharedBucket>) -> Self {
        Self { limits, store }
    }

    /// Reads everything that was counted before this process began.
    pub(crate) async fn load(&self) -> Result<(), StoreError> {
        let now = self.limits.clock.now();
        self.read_shared(Condition::AtLeast(EMPTIES_AT, now.to_string().into())).await
    }

    /// Shares what is counted until the process ends, and then once more.
    pub(crate) fn task(self) -> BackgroundTask {
        BackgroundTask::new("share-limits", move |shutdown| self.run(shutdown))
    }

    async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut looked_at, mut purged_at) = (self.limits.clock.now(), Timestamp::from_millis(0));
        while shutdown.run_until_cancelled(ticks.tick()).await.is_some() {
            let now = self.limits.clock.now();
            match self.exchange(looked_at).await {
                Ok(()) => looked_at = now,
                Err(error) => tracing::warn!(%error, "limits are not shared with other replicas"),
            }
            if now.since(purged_at) >= PURGE_EVERY && self.purge(now).await.is_ok() {
                purged_at = now;
            }
        }
        if let Err(error) = self.share_own().await {
            tracing::warn!(%error, "what was counted last is forgotten");
        }
    }

    /// Writes what was counted here for the others, and reads what they have counted.
    pub(super) async fn exchange(&self, looked_at: Timestamp) -> Result<(), StoreError> {
        self.limits.forget_empty();
        self.share_own().await?;
        self.read_shared(Condition::AtLeast(WRITTEN_AT, (looked_at - OVERLAP).to_string().into())).await
    }

    async fn share_own(&self) -> Result<(), StoreError> {
        let to_share = stream::iter(self.limits.to_share());
        let shared = to_share.map(|(key, amount)| self.share(key, amount)).buffer_unordered(AT_ONCE);
        shared.try_collect().await
    }

    async fn share(&self, key: String, amount: Duration) -> Result<(), StoreError> {
        let pour = |bucket: &mut SharedBucket, cx: UpdateContext| {
            bucket.pour(amount, cx.now);
            Ok::<_, StoreError>(Outcome::Changed(()))
        };
        let shared = loop {
            if let Some(updated) = self.store.update(&key, pour).await? {
                break updated.aggregate;
            }
            let now = self.limits.clock.now();
            let mut first = SharedBucket::empty(key.clone(), now);
            first.pour(amount, now);
            match self.store.insert(first, &()).await {
                Err(StoreError::Conflict(Conflict::Exists)) => {}
                inserted => break inserted?,
            }
        };
        self.limits.mark_shared(&key, amount, shared.empties_at);
        Ok(())
    }

    async fn read_shared(&self, which: Condition) -> Result<(), StoreError> {
        for bucket in self.store.find(&Query::all(vec![which])).await? {
            let SharedBucket { id, empties_at, written_at: _ } = bucket.value;
            self.limits.apply_shared(id, empties_at);
        }
        Ok(())
    }

    async fn purge(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = now - PURGE_EVERY;
        self.store.purge(&[Condition::AtMost(EMPTIES_AT, before.to_string().into())]).await.map(drop)
    }
}
