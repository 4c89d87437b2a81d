use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use common::store::{Collection, StoreError};
use mongodb::bson::RawDocumentBuf;
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::ANSWER_WITHIN;
use super::error::within;
use super::insert;

/// At most this many documents go out together.
const BATCH: usize = 256;
/// How many batches of a collection are under way at once: while one waits for the journal, the
/// server can work on the next.
const IN_FLIGHT: usize = 2;

/// Collects concurrent inserts into each collection, and sends what has come together as one
/// command whenever the server is ready for more. A lone insert goes out at once.
#[derive(Default)]
pub(super) struct Inserters(Mutex<HashMap<&'static str, mpsc::UnboundedSender<Insert>>>);

struct Insert {
    document: RawDocumentBuf,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

impl Inserters {
    /// Returns when the document is written, or refused.
    pub(super) async fn insert(
        &self,
        collection: &'static Collection,
        documents: mongodb::Collection<RawDocumentBuf>,
        document: RawDocumentBuf,
    ) -> Result<(), StoreError> {
        let stopped = || StoreError::Unavailable("the process is ending".into());
        let (reply, answer) = oneshot::channel();
        self.queue(collection, documents).send(Insert { document, reply }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    fn queue(
        &self,
        collection: &'static Collection,
        documents: mongodb::Collection<RawDocumentBuf>,
    ) -> mpsc::UnboundedSender<Insert> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        queues
            .entry(collection.name)
            .or_insert_with(|| {
                let (queue, inserts) = mpsc::unbounded_channel();
                tokio::spawn(run(collection, documents, inserts));
                queue
            })
            .clone()
    }
}

/// Works until the store is dropped and the queue is empty.
async fn run(
    collection: &'static Collection,
    documents: mongodb::Collection<RawDocumentBuf>,
    mut inserts: mpsc::UnboundedReceiver<Insert>,
) {
    let slots = Arc::new(Semaphore::new(IN_FLIGHT));
    // The semaphore is never closed.
    while let Ok(slot) = slots.clone().acquire_owned().await {
        let mut batch = Vec::new();
        if inserts.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let documents = documents.clone();
        tokio::spawn(async move {
            insert_batch(collection, &documents, batch).await;
            drop(slot);
        });
    }
}

/// Inserts the batch and tells each caller its own outcome. One that has stopped waiting is not
/// told, but its insert stands.
async fn insert_batch(
    collection: &'static Collection,
    documents: &mongodb::Collection<RawDocumentBuf>,
    batch: Vec<Insert>,
) {
    let (batch, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|insert| (insert.document, insert.reply)).unzip();
    let outcomes = within(ANSWER_WITHIN, async { Ok(insert::apply(documents, collection, &batch).await) }).await;
    match outcomes {
        Ok(outcomes) => {
            for (reply, outcome) in replies.into_iter().zip(outcomes) {
                let _ = reply.send(outcome);
            }
        }
        Err(unanswered) => {
            for reply in replies {
                let _ = reply.send(Err(StoreError::Unavailable(unanswered.to_string())));
            }
        }
    }
}
