use std::time::Duration;

use mongodb::error::{Error, ErrorKind, WriteFailure};
use ports::store::{Collection, Conflict, StoreError};

/// MongoDB's code for a duplicate key.
const DUPLICATE_KEY: i32 = 11000;

/// MongoDB's code for a command that took longer than it was allowed to.
const MAX_TIME_EXPIRED: i32 = 50;

/// A failure of MongoDB as the port reports it. (The error itself, unlike its kind, would print
/// the server's whole reply.)
pub(super) fn store_error(error: &Error) -> StoreError {
    let message = error.kind.to_string();
    match &*error.kind {
        ErrorKind::BsonDeserialization(_) | ErrorKind::BsonSerialization(_) | ErrorKind::Bson(_) => {
            StoreError::Corrupt(message)
        }
        ErrorKind::Command(failure) if failure.code == MAX_TIME_EXPIRED => StoreError::OverBudget("it takes too long"),
        _ => StoreError::Unavailable(message),
    }
}

/// A failed write of one document into `collection` as the port reports it.
pub(super) fn write_error(collection: &Collection, error: &Error) -> StoreError {
    match &*error.kind {
        ErrorKind::Write(WriteFailure::WriteError(failure)) => refused(collection, failure.code, &failure.message),
        _ => store_error(error),
    }
}

/// Why MongoDB refused to write a document, from its code and message.
pub(super) fn refused(collection: &Collection, code: i32, message: &str) -> StoreError {
    if code == DUPLICATE_KEY
        && let Some(conflict) = duplicate(collection, message)
    {
        return StoreError::Conflict(conflict);
    }
    StoreError::Unavailable(message.to_owned())
}

/// Reads which index is meant from
/// `E11000 duplicate key error collection: orders.orders index: active dup key: { ... }`.
fn duplicate(collection: &Collection, message: &str) -> Option<Conflict> {
    let (_, rest) = message.split_once(" index: ")?;
    let (name, _) = rest.split_once(" dup key: ")?;
    if name == "_id_" {
        return Some(Conflict::Exists);
    }
    let index = collection.indexes.iter().find(|index| index.name == name)?;
    Some(Conflict::Unique(index.name))
}

/// The result of `work`, or that it is unknown after `limit`.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or_else(|_| Err(StoreError::Unavailable(format!("MongoDB has not answered for {limit:?}"))))
}
