use mongodb::bson::{Document, RawDocument, RawDocumentBuf, doc};
use ports::store::{Collection, Commit, Record, Revision, StoreError};
use serde_json::Value;

use super::outbox;
use super::value::{corrupt, from_document, to_document};

/// The field with the stamp of the commit that changed the record last, if that commit left one.
pub(super) const STAMP: &str = "_commit";

/// The document of a new record.
pub(super) fn from_commit(commit: &Commit) -> Result<RawDocumentBuf, StoreError> {
    let mut document = of_record(&commit.record)?;
    if !commit.events.is_empty() {
        document.insert("outbox", outbox::entries(&commit.events)?);
    }
    RawDocumentBuf::try_from(document).map_err(|error| corrupt(&error))
}

/// A record's document, without its outbox.
pub(super) fn of_record(record: &Record) -> Result<Document, StoreError> {
    let mut document = doc! {"_id": &record.id, "version": to_stored(record.revision)?};
    document.extend(to_document(&record.body)?);
    Ok(document)
}

/// The record in a document that was read with the [`record_projection`].
pub(super) fn to_record(collection: &Collection, document: &RawDocument) -> Result<Record, StoreError> {
    let corrupt = |what: String| StoreError::Corrupt(format!("{}: {what} in {document:?}", collection.name));
    let mut body = from_document(document).map_err(|error| corrupt(error.to_string()))?;
    let Some(Value::String(id)) = body.remove("_id") else { return Err(corrupt("no _id".into())) };
    let revision = body.remove("version").and_then(|revision| revision.as_u64());
    let revision = Revision(revision.ok_or_else(|| corrupt("no version".into()))?);
    Ok(Record { id, revision, body })
}

/// The projection that leaves out what is not part of the record.
pub(super) fn record_projection() -> Document {
    doc! {"outbox": 0, STAMP: 0}
}

/// A revision as it is stored.
pub(super) fn to_stored(revision: Revision) -> Result<i64, StoreError> {
    i64::try_from(revision.0).map_err(|_| StoreError::Corrupt(format!("{revision} is too great a revision")))
}
