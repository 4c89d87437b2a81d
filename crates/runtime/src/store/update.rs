use std::time::Duration;

use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::{Version, Versioned};
use ports::store::{Conflict, Precondition, StoreError};

use super::publish::Publish;
use super::stored::{Loaded, Stored};
use super::typed_store::{MAX_ATTEMPTS, Store};

/// What a decision may need besides the aggregate.
#[derive(Debug, Clone, Copy)]
pub struct UpdateContext {
    /// The present moment.
    pub now: Timestamp,
    /// The version of the aggregate that the decision is about.
    pub version: Version,
}

/// An aggregate after an update, and the outcome of the update.
#[derive(Debug)]
pub struct Updated<A, T> {
    /// The aggregate as it is now.
    pub aggregate: Versioned<A>,
    /// What happened to it.
    pub outcome: Outcome<T>,
}

impl<A: Stored> Store<A> {
    /// Changes the aggregate with this id as `decide` says, and publishes what happened. If another
    /// commit comes first, `decide` is called again with the newer state: it must not have side effects.
    ///
    /// Those of this process that change one aggregate take turns. Whoever is alone begins with what the process has read
    /// or written last, and reads only if that was long ago, has been changed by another process, or is not to be changed.
    /// Where many want to change it, each reads: no process may always be a read ahead of the others.
    ///
    /// Returns `None` if there is no such aggregate.
    ///
    /// # Errors
    /// What `decide` refuses with, or a failure of the store.
    pub async fn update<T: Publish<A>, E: From<StoreError>>(
        &self,
        id: impl ToString,
        mut decide: impl FnMut(&mut A, UpdateContext) -> Result<Outcome<T>, E>,
    ) -> Result<Option<Updated<A, T>>, E> {
        let id = id.to_string();
        let turn = self.0.turns.of(&id).await;
        let mut recalled = self.0.recent.get(&id, self.0.clock.now()).filter(|_| turn.came_at_once());
        for attempt in 1.. {
            let is_recalled = recalled.is_some();
            let present = match recalled.take() {
                None => self.load(&id).await?,
                recalled => recalled,
            };
            let Some(Loaded { revision, mut aggregate }) = present else { return Ok(None) };
            let context = UpdateContext { now: self.0.clock.now(), version: aggregate.version };
            let what = match decide(&mut aggregate.value, context) {
                Ok(Outcome::Changed(what)) => what,
                // No commit would show that it has changed since.
                _ if is_recalled => continue,
                Ok(Outcome::Unchanged) => return Ok(Some(Updated { aggregate, outcome: Outcome::Unchanged })),
                Err(refused) => return Err(refused),
            };
            let next = Versioned { version: aggregate.version.next(), value: aggregate.value };
            let events = what.events(&next);
            let version = if events.is_empty() { aggregate.version } else { next.version };
            let aggregate = Versioned { version, value: next.value };
            let precondition = Precondition::MatchesRevision(revision);
            match self.commit(&aggregate, revision.next(), precondition, events).await {
                Ok(()) => return Ok(Some(Updated { aggregate, outcome: Outcome::Changed(what) })),
                Err(StoreError::Conflict(Conflict::Stale)) if attempt < MAX_ATTEMPTS => fall_out_of_step(attempt).await,
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }
}

/// Another process was faster. Two that always try again at once can stay in step, and one of them loses each time.
async fn fall_out_of_step(attempt: u32) {
    let longest = u64::from(attempt.min(16) - 1);
    tokio::time::sleep(Duration::from_millis(rand::random_range(0..=longest))).await;
}
