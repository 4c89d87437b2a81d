use std::collections::HashMap;

use futures::TryStreamExt;
use mongodb::bson::{RawDocumentBuf, doc};
use ports::store::{Collection, Record, StoreError};

use super::READ_BUDGET;
use super::document::{record_projection, to_record};
use super::error::store_error;

/// The records with these ids, in the order of the ids; all read with one command.
pub(super) async fn by_ids(
    documents: &mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
    ids: &[String],
) -> Vec<Result<Option<Record>, StoreError>> {
    match find(documents, ids).await {
        Ok(found) => ids
            .iter()
            .map(|id| found.get(id.as_str()).map(|document| to_record(collection, document)).transpose())
            .collect(),
        Err(error) => ids.iter().map(|_| Err(StoreError::Unavailable(error.to_string()))).collect(),
    }
}

async fn find(
    documents: &mongodb::Collection<RawDocumentBuf>,
    ids: &[String],
) -> Result<HashMap<String, RawDocumentBuf>, StoreError> {
    let filter = match ids {
        // MongoDB plans this faster.
        [id] => doc! {"_id": id},
        _ => doc! {"_id": {"$in": ids}},
    };
    // One more than there can be, so that the server need not keep a cursor.
    let size = u32::try_from(ids.len() + 1).unwrap_or(u32::MAX);
    let cursor = documents.find(filter).projection(record_projection()).batch_size(size).max_time(READ_BUDGET).await;
    let found: Vec<RawDocumentBuf> =
        cursor.map_err(|error| store_error(&error))?.try_collect().await.map_err(|error| store_error(&error))?;
    Ok(found.into_iter().filter_map(|document| Some((document.get_str("_id").ok()?.to_owned(), document))).collect())
}
