//! The wait for a record of a replica that is still on its way.
//!
//! A client may name what another service made a moment ago before the event about it has arrived.

use std::time::Duration;

use common::id::Id;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::StoreError;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::stored::Stored;
use super::typed_store::Store;

/// How far an id's second may lie from now for its record to be on its way: far longer than events
/// take, and enough for clocks that differ.
const JUST_MADE: Duration = Duration::from_secs(60);
/// The pause between two looks at the store. Looking again is only needed where another process
/// handled the event.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How many arrivals a waiting task may fall behind before it looks at the store instead.
const CAPACITY: usize = 64;

/// What came of the wait for a record of a replica.
#[derive(Debug, Clone, PartialEq)]
pub enum Awaited<A> {
    /// It is here.
    Found(Versioned<A>),
    /// Its id was made a moment ago, so that it may still be on its way: whoever asks should ask again.
    NotYet,
    /// Its id is too old, or too far in the future, for it to be on its way: there is none.
    Unknown,
}

impl<A: Stored> Store<A> {
    /// The record with this id, of a replica. One whose id was made a moment ago and that is not here
    /// yet is waited for, at most for `patience`; any other unknown record does not exist.
    ///
    /// It is found at once when a clone of this store takes it in ([`Store::replicate`]), and soon when
    /// another process does.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn await_record<T>(&self, id: Id<T>, patience: Duration) -> Result<Awaited<A>, StoreError> {
        if let Some(present) = self.get(id).await? {
            return Ok(Awaited::Found(present));
        }
        if !is_just_made(id.made_at(), self.0.clock.now()) {
            return Ok(Awaited::Unknown);
        }
        let id = id.to_string();
        tokio::select! {
            biased;
            arrived = self.arrived(&id, |_| true) => arrived.map(Awaited::Found),
            () = self.0.clock.sleep(patience) => Ok(Awaited::NotYet),
        }
    }

    /// The record of a replica as soon as it meets a condition; `None` if that takes longer than `patience`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn await_change<T>(
        &self,
        id: Id<T>,
        patience: Duration,
        is_met: impl Fn(&A) -> bool,
    ) -> Result<Option<Versioned<A>>, StoreError> {
        let id = id.to_string();
        tokio::select! {
            biased;
            changed = self.arrived(&id, is_met) => changed.map(Some),
            () = self.0.clock.sleep(patience) => Ok(None),
        }
    }

    /// Returns the record as soon as there is one that meets the condition.
    async fn arrived(&self, id: &str, is_met: impl Fn(&A) -> bool) -> Result<Versioned<A>, StoreError> {
        // Subscribed before the first look, so that no arrival falls in between.
        let mut arrivals = self.0.arrivals.0.subscribe();
        loop {
            match self.load(id).await? {
                Some(loaded) if is_met(&loaded.aggregate) => return Ok(loaded.aggregate),
                Some(_) | None => {}
            }
            // Whether it was announced or not: look.
            let _ = tokio::time::timeout(LOOK_EVERY, announcement_of(id, &mut arrivals)).await;
        }
    }
}

fn is_just_made(made_at: Timestamp, now: Timestamp) -> bool {
    now.since(made_at).max(made_at.since(now)) <= JUST_MADE
}

/// The ids of records that a store has just taken in.
pub(super) struct Arrivals(broadcast::Sender<String>);

impl Default for Arrivals {
    fn default() -> Self {
        Self(broadcast::Sender::new(CAPACITY))
    }
}

impl Arrivals {
    /// Wakes the tasks that wait for this record.
    pub(super) fn announce(&self, id: &str) {
        if self.0.receiver_count() > 0 {
            // The last of them may have gone meanwhile.
            let _ = self.0.send(id.to_owned());
        }
    }
}

/// Returns when the record has arrived, or when so many have that this one may have been missed.
async fn announcement_of(id: &str, arrivals: &mut broadcast::Receiver<String>) {
    loop {
        match arrivals.recv().await {
            Ok(arrived) if arrived != id => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            // The sender lives as long as the store that waits, so this never comes.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests;
