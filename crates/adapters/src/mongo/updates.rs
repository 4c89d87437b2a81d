//! Several commits with one command, and the outcome of each.
//!
//! MongoDB returns how many records it has changed. If that is all of them, every outcome is known. If
//! not, the records themselves show it by the stamp of the commit that changed them last.

use std::collections::HashMap;

use futures::TryStreamExt;
use futures::future::join_all;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{RawDocumentBuf, doc};
use ports::store::{Collection, Conflict, StoreError};

use super::document::STAMP;
use super::error::store_error;
use super::update::{self, Update};

/// What a record says about the commit that changed it last.
#[derive(Debug, Clone, Copy)]
struct Found {
    revision: i64,
    stamp: Option<ObjectId>,
}

/// What is known about one commit from its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CommitState {
    Written,
    /// It was not written, and never will be.
    Lost,
    /// It was not written, and still can be.
    Open,
    /// Later commits have changed the record, so it is unknown whether this one was written.
    Overwritten,
}

/// Writes the commits, which are to different records; returns the outcome of each.
pub(super) async fn apply(
    documents: &mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
    updates: &[Update],
) -> Vec<Result<(), StoreError>> {
    if let [update] = updates {
        return vec![update::apply(documents, collection, update).await];
    }
    let (written, reason) = match update::apply_all(documents, updates).await {
        Ok(written) if written == updates.len() as u64 => return updates.iter().map(|_| Ok(())).collect(),
        Ok(written) => (Some(written), "the record has changed since".to_owned()),
        Err(error) => (None, store_error(&error).to_string()),
    };
    let unavailable = |reason: &str| Err(StoreError::Unavailable(reason.to_owned()));
    let found = match find_stamps(documents, updates).await {
        Ok(found) => found,
        Err(error) => return updates.iter().map(|_| unavailable(&error.to_string())).collect(),
    };
    let mut states: Vec<CommitState> = updates.iter().map(|update| update.state(found.get(&update.id))).collect();
    if let Some(written) = written {
        resolve_overwritten(&mut states, written);
    }
    let settled = updates.iter().zip(states).map(async |(update, state)| match state {
        CommitState::Written => Ok(()),
        CommitState::Lost => Err(StoreError::Conflict(Conflict::Stale)),
        // Sent alone, it gets an outcome of its own.
        CommitState::Open => match update::apply(documents, collection, update).await {
            // The command that failed above may have been carried out in the meantime after all.
            Err(StoreError::Conflict(Conflict::Stale)) if written.is_none() => {
                let found = find_stamps(documents, std::slice::from_ref(update)).await?;
                match update.state(found.get(&update.id)) {
                    CommitState::Written => Ok(()),
                    CommitState::Lost => Err(StoreError::Conflict(Conflict::Stale)),
                    CommitState::Open | CommitState::Overwritten => unavailable(&reason),
                }
            }
            outcome => outcome,
        },
        CommitState::Overwritten => unavailable(&reason),
    });
    join_all(settled).await
}

impl Update {
    fn state(&self, found: Option<&Found>) -> CommitState {
        match found {
            Some(found) if found.stamp == Some(self.stamp) => CommitState::Written,
            Some(found) if found.revision == self.from => CommitState::Open,
            Some(found) if found.revision > self.to => CommitState::Overwritten,
            // Another commit has taken its version, or the record is gone.
            Some(_) | None => CommitState::Lost,
        }
    }
}

/// If it is known how many were written, that may decide whether the overwritten ones were.
fn resolve_overwritten(states: &mut [CommitState], written: u64) {
    let count = |state| states.iter().filter(|other| **other == state).count() as u64;
    let overwritten = match written.saturating_sub(count(CommitState::Written)) {
        0 => CommitState::Lost,
        rest if rest == count(CommitState::Overwritten) => CommitState::Written,
        _ => CommitState::Overwritten,
    };
    for state in states.iter_mut().filter(|state| **state == CommitState::Overwritten) {
        *state = overwritten;
    }
}

/// The stamps of these records as a majority of the servers has them now.
async fn find_stamps(
    documents: &mongodb::Collection<RawDocumentBuf>,
    updates: &[Update],
) -> Result<HashMap<String, Found>, StoreError> {
    let ids: Vec<&str> = updates.iter().map(|update| update.id.as_str()).collect();
    let find = documents.find(doc! {"_id": {"$in": ids}}).projection(doc! {"version": 1, STAMP: 1}).await;
    let documents: Vec<RawDocumentBuf> =
        find.map_err(|error| store_error(&error))?.try_collect().await.map_err(|error| store_error(&error))?;
    let read = |document: RawDocumentBuf| {
        let revision = document.get_i64("version").ok()?;
        Some((document.get_str("_id").ok()?.to_owned(), Found { revision, stamp: document.get_object_id(STAMP).ok() }))
    };
    Ok(documents.into_iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests;
