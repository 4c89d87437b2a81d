//! Updates of existing records in MongoDB's language.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, Document, RawDocumentBuf, doc};
use ports::store::{Collection, Commit, Conflict, Revision, StoreError};

use super::document::{STAMP, of_record, to_stored};
use super::error::write_error;
use super::outbox;

/// A commit to a record that must be at the version `from`.
pub(super) struct Update {
    pub(super) id: String,
    pub(super) from: i64,
    pub(super) to: i64,
    /// Identifies the commit: no other commit writes the same stamp, so a record that has it shows that
    /// this commit was written.
    pub(super) stamp: ObjectId,
    record: Document,
    events: Vec<Document>,
    /// Events of earlier commits that leave the outbox.
    published: Vec<String>,
}

impl Update {
    pub(super) fn new(commit: &Commit, expected: Revision, published: &[String]) -> Result<Self, StoreError> {
        let stamp = ObjectId::new();
        let mut record = of_record(&commit.record)?;
        record.insert(STAMP, stamp);
        Ok(Self {
            id: commit.record.id.clone(),
            from: to_stored(expected)?,
            to: to_stored(commit.record.revision)?,
            stamp,
            record,
            events: outbox::entries(&commit.events)?,
            published: published.to_vec(),
        })
    }
}

/// Writes one commit. Events of earlier commits that are not published stay in the record's outbox.
pub(super) async fn apply(
    documents: &mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
    update: &Update,
) -> Result<(), StoreError> {
    let new = doc! {"$literal": &update.record};
    let events = doc! {"$literal": &update.events};
    let published = (!update.published.is_empty()).then(|| doc! {"$literal": &update.published}.into());
    let replaced = if_at(update.from, replacement(new, events, published));
    // MongoDB plans nothing for a filter by id alone: with the version in it an update costs an eighth more.
    match documents.update_one(doc! {"_id": &update.id}, vec![doc! {"$replaceWith": replaced}]).await {
        Ok(result) if result.modified_count == 1 => Ok(()),
        Ok(_) => Err(StoreError::Conflict(Conflict::Stale)),
        Err(error) => Err(write_error(collection, &error)),
    }
}

/// Writes several commits to different records with one command. Returns how many were written: a
/// record that is not at the version it must be at stays as it is. They are written in any order.
pub(super) async fn apply_all(
    documents: &mongodb::Collection<RawDocumentBuf>,
    updates: &[Update],
) -> Result<u64, mongodb::error::Error> {
    let ids: Vec<&str> = updates.iter().map(|update| update.id.as_str()).collect();
    let news: Vec<Document> = updates
        .iter()
        .map(|update| {
            let Update { from, record, events, published, .. } = update;
            doc! {"from": from, "record": record, "events": events, "published": published}
        })
        .collect();
    let any_published = updates.iter().any(|update| !update.published.is_empty());
    let published = any_published.then(|| "$$new.published".into());
    // MongoDB looks up each document in the list by a hash table of all ids, which it builds once.
    let new = doc! {"$arrayElemAt": [{"$literal": news}, {"$indexOfArray": [{"$literal": &ids}, "$_id"]}]};
    let replaced = if_at("$$new.from", replacement("$$new.record", "$$new.events", published));
    let stage = doc! {"$replaceWith": {"$let": {"vars": {"new": new}, "in": replaced}}};
    let written = documents.update_many(doc! {"_id": {"$in": ids}}, vec![stage]).await?;
    Ok(written.modified_count)
}

/// The new document if the present one is at this version, else the present one, which then does not count as modified.
fn if_at(version: impl Into<Bson>, new: Document) -> Document {
    doc! {"$cond": [{"$eq": ["$version", version.into()]}, new, "$$ROOT"]}
}

/// A document that keeps only the outbox of the present one, without what is published. (`$set` would leave the
/// fields that the new state no longer has.)
fn replacement(record: impl Into<Bson>, events: impl Into<Bson>, published: Option<Bson>) -> Document {
    let present = doc! {"$ifNull": ["$outbox", []]};
    let kept = match published {
        None => present,
        Some(ids) => doc! {"$filter": {"input": present, "cond": {"$not": [{"$in": ["$$this.id", ids]}]}}},
    };
    doc! {"$mergeObjects": [record.into(), {"outbox": {"$concatArrays": [kept, events.into()]}}]}
}
