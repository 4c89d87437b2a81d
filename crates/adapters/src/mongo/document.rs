use common::store::{Collection, Commit, Record, StoreError};
use common::version::Version;
use mongodb::bson::{Bson, Document, doc};

use super::outbox;
use super::value::{from_document, to_document};

/// The document of a new record.
pub(super) fn from_commit(commit: Commit) -> Result<Document, StoreError> {
    let mut document = of_record(&commit.record)?;
    if !commit.events.is_empty() {
        document.insert("outbox", outbox::entries(&commit.events)?);
    }
    Ok(document)
}

/// A record's document, but for its outbox.
pub(super) fn of_record(record: &Record) -> Result<Document, StoreError> {
    let mut document = doc! {"_id": &record.id, "version": to_stored(record.version)?};
    document.extend(to_document(&record.body)?);
    Ok(document)
}

/// The record in a document that was read [`without_outbox`].
pub(super) fn to_record(collection: &Collection, mut document: Document) -> Result<Record, StoreError> {
    let Some(Bson::String(id)) = document.remove("_id") else {
        return Err(StoreError::Corrupt(format!("{}: a document whose _id is not a text", collection.name)));
    };
    let corrupt = |what: String| StoreError::Corrupt(format!("{} {id}: {what}", collection.name));
    let version = match document.remove("version") {
        Some(Bson::Int64(version)) => u64::try_from(version).ok(),
        Some(Bson::Int32(version)) => u64::try_from(version).ok(),
        _ => None,
    };
    let version = Version(version.ok_or_else(|| corrupt("no version".into()))?);
    let body = from_document(document).map_err(|error| corrupt(error.to_string()))?;
    Ok(Record { id, version, body })
}

/// The projection that leaves the events where they are.
pub(super) fn without_outbox() -> Document {
    doc! {"outbox": 0}
}

/// A version as it is stored.
pub(super) fn to_stored(version: Version) -> Result<i64, StoreError> {
    i64::try_from(version.0).map_err(|_| StoreError::Corrupt(format!("{version} is too great a version")))
}
