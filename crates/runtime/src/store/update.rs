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
    /// Where many change one aggregate at once, those of this process take turns from their first conflict
    /// on; what nobody else changes is not slowed down by that.
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
        let mut turn = self.turns.unless_free(&id).await;
        for attempt in 1.. {
            let Some(Loaded { revision, mut aggregate }) = self.load(&id).await? else { return Ok(None) };
            let context = UpdateContext { now: self.clock.now(), version: aggregate.version };
            let Outcome::Changed(what) = decide(&mut aggregate.value, context)? else {
                return Ok(Some(Updated { aggregate, outcome: Outcome::Unchanged }));
            };
            let next = Versioned { version: aggregate.version.next(), value: aggregate.value };
            let events = what.events(&next);
            let version = if events.is_empty() { aggregate.version } else { next.version };
            let aggregate = Versioned { version, value: next.value };
            let precondition = Precondition::MatchesRevision(revision);
            match self.commit(&aggregate, revision.next(), precondition, events).await {
                Ok(()) => return Ok(Some(Updated { aggregate, outcome: Outcome::Changed(what) })),
                Err(StoreError::Conflict(Conflict::Stale)) if attempt < MAX_ATTEMPTS => {
                    turn = match turn {
                        None => Some(self.turns.of(&id).await),
                        mine => mine,
                    };
                }
                Err(error) => return Err(error.into()),
            }
        }
        unreachable!("the last attempt returns")
    }
}
