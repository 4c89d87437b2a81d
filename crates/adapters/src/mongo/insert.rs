use mongodb::bson::RawDocumentBuf;
use mongodb::error::{Error, ErrorKind, InsertManyError};
use ports::store::{Collection, StoreError};

use super::error::{refused, store_error};

/// Inserts these documents with one command; returns the outcome of each.
pub(super) async fn apply(
    documents: &mongodb::Collection<RawDocumentBuf>,
    collection: &Collection,
    batch: &[RawDocumentBuf],
) -> Vec<Result<(), StoreError>> {
    match send(documents, batch).await {
        Ok(()) => batch.iter().map(|_| Ok(())).collect(),
        Err(error) if rejects_command(&error) && batch.len() > 1 => {
            // Nothing has been written, because of one document that cannot be: the others must not
            // fail with it.
            let mut outcomes = Vec::with_capacity(batch.len());
            for document in batch {
                let alone = std::slice::from_ref(document);
                outcomes.extend(match send(documents, alone).await {
                    Ok(()) => vec![Ok(())],
                    Err(error) => outcomes_of(collection, &error, 1),
                });
            }
            outcomes
        }
        Err(error) => outcomes_of(collection, &error, batch.len()),
    }
}

async fn send(documents: &mongodb::Collection<RawDocumentBuf>, batch: &[RawDocumentBuf]) -> Result<(), Error> {
    documents.insert_many(batch).ordered(false).await.map(drop)
}

/// Whether the command as a whole was refused, by the driver or by the server, so that nothing was
/// written for certain.
fn rejects_command(error: &Error) -> bool {
    let unanswered = error.contains_label(mongodb::error::RETRYABLE_WRITE_ERROR);
    !unanswered
        && matches!(
            *error.kind,
            ErrorKind::Bson(_)
                | ErrorKind::BsonSerialization(_)
                | ErrorKind::InvalidArgument { .. }
                | ErrorKind::Command(_)
        )
}

/// The outcome of a failed command for each of its documents.
fn outcomes_of(collection: &Collection, error: &Error, count: usize) -> Vec<Result<(), StoreError>> {
    match &*error.kind {
        ErrorKind::InsertMany(failure) => (0..count).map(|index| outcome(collection, failure, index)).collect(),
        _ => (0..count).map(|_| Err(store_error(error))).collect(),
    }
}

fn outcome(collection: &Collection, failure: &InsertManyError, index: usize) -> Result<(), StoreError> {
    let mut errors = failure.write_errors.iter().flatten();
    if let Some(error) = errors.find(|error| error.index == index) {
        return Err(refused(collection, error.code, &error.message));
    }
    match &failure.write_concern_error {
        // Written, but it may be rolled back.
        Some(error) => Err(StoreError::Unavailable(error.message.clone())),
        None => Ok(()),
    }
}
