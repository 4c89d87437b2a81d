//! Several commits with one command, and what became of each.
//!
//! MongoDB says how many records it has changed. If that is all of them, all is said. If not, the
//! records themselves tell by the stamp of the commit that changed them last.

use std::collections::HashMap;

use futures::TryStreamExt;
use futures::future::join_all;
use mongodb::bson::oid::ObjectId;
use mongodb::bson::{RawDocumentBuf, doc};
use ports::store::{Collection, Conflict, StoreError};

use super::document::STAMP;
use super::error::store_error;
use super::update::{self, Update};

/// What a record tells of the commit that changed it last.
#[derive(Debug, Clone, Copy)]
struct Found {
    revision: i64,
    stamp: Option<ObjectId>,
}

/// What a record tells about one commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trace {
    Written,
    /// It was not written, and never will be.
    Lost,
    /// It was not written, and still can be.
    Open,
    /// The record has gone on since, so that nobody can tell.
    Covered,
}

/// Writes the commits, which are to different records; says of each what became of it.
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
    let found = match look(documents, updates).await {
        Ok(found) => found,
        Err(error) => return updates.iter().map(|_| unavailable(&error.to_string())).collect(),
    };
    let mut traces: Vec<Trace> = updates.iter().map(|update| update.trace(found.get(&update.id))).collect();
    if let Some(written) = written {
        uncover(&mut traces, written);
    }
    let settled = updates.iter().zip(traces).map(async |(update, trace)| match trace {
        Trace::Written => Ok(()),
        Trace::Lost => Err(StoreError::Conflict(Conflict::Stale)),
        // Alone, it is told its own outcome.
        Trace::Open => match update::apply(documents, collection, update).await {
            // What went wrong above may have been written in the meantime after all.
            Err(StoreError::Conflict(Conflict::Stale)) if written.is_none() => {
                let found = look(documents, std::slice::from_ref(update)).await?;
                match update.trace(found.get(&update.id)) {
                    Trace::Written => Ok(()),
                    Trace::Lost => Err(StoreError::Conflict(Conflict::Stale)),
                    Trace::Open | Trace::Covered => unavailable(&reason),
                }
            }
            outcome => outcome,
        },
        Trace::Covered => unavailable(&reason),
    });
    join_all(settled).await
}

impl Update {
    fn trace(&self, found: Option<&Found>) -> Trace {
        match found {
            Some(found) if found.stamp == Some(self.stamp) => Trace::Written,
            Some(found) if found.revision == self.from => Trace::Open,
            Some(found) if found.revision > self.to => Trace::Covered,
            // Another commit has taken its version, or the record is gone.
            Some(_) | None => Trace::Lost,
        }
    }
}

/// Where it is known how many were written, that may tell of those whose traces are covered.
fn uncover(traces: &mut [Trace], written: u64) {
    let count = |trace| traces.iter().filter(|other| **other == trace).count() as u64;
    let covered = match written.saturating_sub(count(Trace::Written)) {
        0 => Trace::Lost,
        rest if rest == count(Trace::Covered) => Trace::Written,
        _ => Trace::Covered,
    };
    for trace in traces.iter_mut().filter(|trace| **trace == Trace::Covered) {
        *trace = covered;
    }
}

/// What a majority of the servers has of these records now.
async fn look(
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
