use common::store::{Collection, Commit, Conflict, StoreError};
use common::version::Version;
use mongodb::bson::{Document, RawDocumentBuf, doc};

use super::document::{of_record, to_stored};
use super::error::write_error;
use super::outbox;

/// Replaces a record that is still at `expected`. Events of earlier commits stay in its outbox.
pub(super) async fn apply(
    documents: &mongodb::Collection<RawDocumentBuf>,
    commit: Commit,
    expected: Version,
) -> Result<(), StoreError> {
    let collection: &Collection = commit.collection;
    let filter = doc! {"_id": &commit.record.id, "version": to_stored(expected)?};
    let written = documents.update_one(filter, vec![replacement(&commit)?]).await;
    match written {
        Ok(result) if result.matched_count == 1 => Ok(()),
        Ok(_) => Err(StoreError::Conflict(Conflict::Stale)),
        Err(error) => Err(write_error(collection, &error)),
    }
}

/// A stage that keeps nothing of the present document but its outbox. (`$set` would leave the
/// fields that the new state no longer has.)
fn replacement(commit: &Commit) -> Result<Document, StoreError> {
    let record = of_record(&commit.record)?;
    let outbox = doc! {"$concatArrays": [
        {"$ifNull": ["$outbox", []]},
        {"$literal": outbox::entries(&commit.events)?},
    ]};
    Ok(doc! {"$replaceWith": {"$mergeObjects": [{"$literal": record}, {"outbox": outbox}]}})
}
