//! Who has forgotten their password, and is to be written to.

use common::email::Email;
use common::id::{IdGenerator, NoticeId, UserId};
use common::version::Versioned;
use ports::clock::Clock;
use ports::store::{Condition, Query, StoreError};
use runtime::Timer;
use runtime::store::Store;

use crate::domain::ResetRequest;
use crate::store::{STATE, STATE_ASKED};

/// How many are looked at together.
const BATCH: usize = 64;

/// The requests that are not done yet. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Resets {
    pub(crate) store: Store<ResetRequest>,
    /// Wakes whoever works on them.
    pub(crate) timer: Timer,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
}

impl Resets {
    /// Notes that whoever has this address, if anybody, is to be written to; of several that claim it, somebody who is
    /// known in the browser that asks.
    pub(crate) async fn ask(&self, email: Email, known: Vec<UserId>) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.store.insert(ResetRequest::new(self.ids.next(now), email, known, now), &()).await?;
        self.timer.wake_by(now);
        Ok(())
    }

    /// Some of those that are not done.
    pub(crate) async fn asked(&self) -> Result<Vec<Versioned<ResetRequest>>, StoreError> {
        let asked = Condition::Equals(STATE, STATE_ASKED.into());
        self.store.find(&Query { limit: Some(BATCH), ..Query::all(vec![asked]) }).await
    }

    pub(crate) async fn finish(&self, id: NoticeId) -> Result<(), StoreError> {
        self.store.update(id, |request, _| Ok::<_, StoreError>(request.finish())).await?;
        Ok(())
    }
}
