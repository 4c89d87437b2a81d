use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mongodb::bson::RawDocumentBuf;
use ports::store::{Collection, Commit, Record, Revision, StoreError};

use super::coalesce::Coalescer;
use super::error::within;
use super::update::Update;
use super::{ANSWER_WITHIN, document, insert, read, update, updates};

/// What concurrent callers do with the records of one collection, by id: each kind travels together.
pub(super) struct Lane {
    collection: &'static Collection,
    documents: mongodb::Collection<RawDocumentBuf>,
    inserts: Coalescer<RawDocumentBuf, ()>,
    updates: Coalescer<(Update, Claim), ()>,
    reads: Coalescer<String, Option<Record>>,
    changing: Changing,
}

/// The ids of the records that are being changed together with others.
#[derive(Clone, Default)]
struct Changing(Arc<Mutex<HashSet<String>>>);

/// A place among them, until it is dropped.
struct Claim {
    changing: Changing,
    id: String,
}

impl Lane {
    pub(super) fn open(collection: &'static Collection, documents: mongodb::Collection<RawDocumentBuf>) -> Self {
        let (inserting, updating, reading) = (documents.clone(), documents.clone(), documents.clone());
        Self {
            collection,
            documents,
            inserts: Coalescer::start(move |batch: Vec<RawDocumentBuf>| {
                let documents = inserting.clone();
                async move { insert::apply(&documents, collection, &batch).await }
            }),
            updates: Coalescer::start(move |batch: Vec<(Update, Claim)>| {
                let documents = updating.clone();
                async move {
                    let (batch, claims): (Vec<_>, Vec<_>) = batch.into_iter().unzip();
                    let outcomes = updates::apply(&documents, collection, &batch).await;
                    drop(claims);
                    outcomes
                }
            }),
            reads: Coalescer::start(move |ids: Vec<String>| {
                let documents = reading.clone();
                async move { read::by_ids(&documents, collection, &ids).await }
            }),
            changing: Changing::default(),
        }
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.reads.ask(id.to_owned()).await
    }

    pub(super) async fn insert(&self, commit: &Commit) -> Result<(), StoreError> {
        self.inserts.ask(document::from_commit(commit)?).await
    }

    /// Two changes of the same record never travel together: the later one would hide what became
    /// of the earlier. The one that finds another under way goes alone.
    pub(super) async fn update(&self, commit: &Commit, expected: Revision) -> Result<(), StoreError> {
        let update = Update::new(commit, expected)?;
        match self.changing.claim(&update.id) {
            Some(claim) => self.updates.ask((update, claim)).await,
            None => within(ANSWER_WITHIN, update::apply(&self.documents, self.collection, &update)).await,
        }
    }
}

impl Changing {
    fn claim(&self, id: &str) -> Option<Claim> {
        let is_free = self.ids().insert(id.to_owned());
        is_free.then(|| Claim { changing: self.clone(), id: id.to_owned() })
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.changing.ids().remove(&self.id);
    }
}
