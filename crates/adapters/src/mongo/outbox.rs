//! The events inside the documents. An entry has the event's `id` and `time`, and the `envelope`
//! as JSON text, so that it comes out exactly as it went in.

use common::events::Envelope;
use common::time::Timestamp;
use futures::TryStreamExt;
use mongodb::IndexModel;
use mongodb::bson::{Document, RawDocument, RawDocumentBuf, doc};
use mongodb::options::IndexOptions;
use ports::store::{Collection, OutboxEntry, OutboxKey, StoreError};

use super::READ_BUDGET;
use super::error::store_error;

const INDEX: &str = "outbox";

/// The index by which they are found. It holds only documents with unpublished events, so it stays
/// small however many documents there are.
pub(super) fn index() -> IndexModel {
    let options = IndexOptions::builder()
        .name(INDEX.to_owned())
        .partial_filter_expression(doc! {"outbox.time": {"$exists": true}})
        .build();
    IndexModel::builder().keys(doc! {"outbox.time": 1}).options(options).build()
}

/// Events as entries.
pub(super) fn entries(events: &[Envelope]) -> Result<Vec<Document>, StoreError> {
    events
        .iter()
        .map(|event| {
            let envelope = serde_json::to_string(event).map_err(|error| StoreError::Corrupt(error.to_string()))?;
            Ok(doc! {"id": &event.id, "time": event.time.as_millis(), "envelope": envelope})
        })
        .collect()
}

/// Events older than `before`: the index returns the documents with the oldest first, and within
/// a document events are in the order of their versions.
pub(super) async fn unpublished(
    documents: &mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<OutboxEntry>, StoreError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let cursor = documents
        .find(doc! {"outbox.time": {"$lt": before.as_millis()}})
        .projection(doc! {"outbox": 1})
        .hint(mongodb::options::Hint::Name(INDEX.into()))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .max_time(READ_BUDGET)
        .await
        .map_err(|error| store_error(&error))?;
    let found: Vec<RawDocumentBuf> = cursor.try_collect().await.map_err(|error| store_error(&error))?;
    let mut events = Vec::new();
    for document in &found {
        let read = waiting(document, before);
        let corrupt = || StoreError::Corrupt(format!("{}: an unreadable outbox: {document:?}", collection.name));
        events.extend(read.ok_or_else(corrupt)?);
    }
    events.truncate(limit);
    Ok(events)
}

/// The events of one document that are older than `before`; `None` if they cannot be read.
fn waiting(document: &RawDocument, before: Timestamp) -> Option<Vec<OutboxEntry>> {
    let record_id = document.get_str("_id").ok()?;
    let mut events = Vec::new();
    for entry in document.get_array("outbox").ok()? {
        let entry = entry.ok()?.as_document()?;
        if entry.get_i64("time").ok()? < before.as_millis() {
            let envelope = serde_json::from_str(entry.get_str("envelope").ok()?).ok()?;
            events.push(OutboxEntry { record_id: record_id.to_owned(), envelope });
        }
    }
    Some(events)
}

/// Removes events, all with one command.
pub(super) async fn clear(
    documents: &mongodb::Collection<RawDocumentBuf>,
    events: &[OutboxKey],
) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let mut records: Vec<&str> = events.iter().map(|event| event.record_id.as_str()).collect();
    records.sort_unstable();
    records.dedup();
    let published: Vec<&str> = events.iter().map(|event| event.event_id.as_str()).collect();
    let cleared = documents
        .update_many(doc! {"_id": {"$in": records}}, doc! {"$pull": {"outbox": {"id": {"$in": published}}}})
        .await;
    cleared.map(drop).map_err(|error| store_error(&error))
}
