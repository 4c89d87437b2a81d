use common::version::{Gaps, Sequence, Version, Versioned};
use ports::store::{Conflict, Precondition, Revision, StoreError};

use super::stored::Stored;
use super::typed_store::{MAX_ATTEMPTS, Store};

/// The outcome of applying an event to a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It was the next version, and is stored now.
    Now,
    /// It had already been applied.
    Before,
    /// An earlier version is still missing.
    Gap,
}

impl<A: Stored> Store<A> {
    /// Applies version `incoming` of an aggregate that another service owns (invariant I3).
    /// `build` makes the new state from the current one.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replicate(
        &self,
        id: impl ToString,
        incoming: Version,
        build: impl FnMut(Option<A>) -> A,
    ) -> Result<Applied, StoreError> {
        self.replicate_over(Gaps::Awaited, id, incoming, build).await
    }

    /// The same for an event that is a [`WholeState`](common::events::WholeState): where `gaps` says that its
    /// predecessors may never come, it is applied without them.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replicate_over(
        &self,
        gaps: Gaps,
        id: impl ToString,
        incoming: Version,
        mut build: impl FnMut(Option<A>) -> A,
    ) -> Result<Applied, StoreError> {
        self.replicate_if(gaps, id, incoming, |present| Some(build(present))).await
    }

    /// The same for an event that changes what is there, without saying all of it: where nothing is there, the
    /// version before it is missing.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replicate_change(
        &self,
        id: impl ToString,
        incoming: Version,
        mut change: impl FnMut(A) -> A,
    ) -> Result<Applied, StoreError> {
        self.replicate_if(Gaps::Awaited, id, incoming, |present| present.map(&mut change)).await
    }

    async fn replicate_if(
        &self,
        gaps: Gaps,
        id: impl ToString,
        incoming: Version,
        mut build: impl FnMut(Option<A>) -> Option<A>,
    ) -> Result<Applied, StoreError> {
        let id = id.to_string();
        let mut recalled = self.0.recent.get(&id, self.0.clock.now());
        for attempt in 1.. {
            // A first version is hardly ever a duplicate; if it is, the commit detects it.
            let is_new = incoming == Version::FIRST && attempt == 1;
            let is_recalled = recalled.is_some();
            let present = match recalled.take() {
                None if is_new => None,
                None => self.load(&id).await?,
                recalled => recalled,
            };
            let applied = present.as_ref().map(|present| present.aggregate.version);
            match (Sequence::of(incoming, applied), gaps) {
                // Another process may have filled the gap, or an operator may have restored a backup.
                (Sequence::Duplicate, _) | (Sequence::Gap, Gaps::Awaited) if is_recalled => continue,
                (Sequence::Duplicate, _) => return Ok(Applied::Before),
                (Sequence::Gap, Gaps::Awaited) => return Ok(Applied::Gap),
                (Sequence::Gap, Gaps::Superseded) | (Sequence::Next, _) => {}
            }
            let (precondition, revision) = match &present {
                None => (Precondition::DoesNotExist, Revision::FIRST),
                Some(present) => (Precondition::MatchesRevision(present.revision), present.revision.next()),
            };
            let Some(value) = build(present.map(|present| present.aggregate.value)) else { return Ok(Applied::Gap) };
            let replica = Versioned { version: incoming, value };
            match self.commit(&replica, revision, precondition, Vec::new()).await {
                Ok(()) => {
                    self.0.arrivals.announce(&id);
                    return Ok(Applied::Now);
                }
                Err(StoreError::Conflict(Conflict::Stale | Conflict::Exists)) if attempt < MAX_ATTEMPTS => {}
                Err(error) => return Err(error),
            }
        }
        unreachable!("the last attempt returns")
    }

    /// How `incoming` relates to the replica with this id, without applying it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sequence(&self, id: impl ToString, incoming: Version) -> Result<Sequence, StoreError> {
        let present = self.get(id).await?;
        Ok(Sequence::of(incoming, present.map(|present| present.version)))
    }
}
