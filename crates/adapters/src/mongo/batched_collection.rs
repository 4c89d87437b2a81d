use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mongodb::bson::RawDocumentBuf;
use ports::store::{Collection, Commit, OutboxKey, Record, Revision, StoreError};

use super::coalesce::Coalescer;
use super::error::within;
use super::published::Published;
use super::update::Update;
use super::{RESPONSE_TIMEOUT, document, insert, outbox, read, update, updates};

/// How long published events wait for a write of their record to take them along. Far less than the age at which a
/// scan takes events for forgotten.
const TO_BE_TAKEN: Duration = Duration::from_millis(200);
/// So many are not kept waiting: to take them out together is cheap, and there are more to come.
const MANY: usize = 256;

/// One collection, to whose records concurrent callers send commands by id: those of a kind are sent
/// together.
pub(super) struct BatchedCollection {
    collection: &'static Collection,
    documents: mongodb::Collection<RawDocumentBuf>,
    inserts: Coalescer<RawDocumentBuf, ()>,
    updates: Coalescer<(Update, Claim), ()>,
    reads: Coalescer<String, Option<Record>>,
    changing: ChangingIds,
    published: Published,
}

/// The ids of the records that are being changed in a batch.
#[derive(Clone, Default)]
struct ChangingIds(Arc<Mutex<HashSet<String>>>);

/// Keeps an id among them until it is dropped.
struct Claim {
    changing: ChangingIds,
    id: String,
}

impl BatchedCollection {
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
            changing: ChangingIds::default(),
            published: Published::default(),
        }
    }

    pub(super) async fn get(&self, id: &str) -> Result<Option<Record>, StoreError> {
        self.reads.submit(id.to_owned()).await
    }

    pub(super) async fn insert(&self, commit: &Commit) -> Result<(), StoreError> {
        self.inserts.submit(document::from_commit(commit)?).await
    }

    /// Two changes of the same record are never sent together: the later one would hide the outcome
    /// of the earlier. A change that finds another in progress is sent alone.
    pub(super) async fn update(&self, commit: &Commit, expected: Revision) -> Result<(), StoreError> {
        let id = &commit.record.id;
        let published = self.published.of(id);
        let update = Update::new(commit, expected, &published)?;
        let written = match self.changing.claim(id) {
            Some(claim) => self.updates.submit((update, claim)).await,
            None => within(RESPONSE_TIMEOUT, update::apply(&self.documents, self.collection, &update)).await,
        };
        if written.is_ok() {
            self.published.taken(id, &published);
        }
        written
    }

    /// Clears events from the outbox, those that no write of their records has taken along by then.
    pub(super) async fn clear(&self, events: &[OutboxKey]) -> Result<(), StoreError> {
        let waiting = self.published.wait(events);
        if events.len() < MANY {
            tokio::time::sleep(TO_BE_TAKEN).await;
        }
        within(RESPONSE_TIMEOUT, outbox::clear(&self.documents, &waiting.rest())).await
    }
}

impl ChangingIds {
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
