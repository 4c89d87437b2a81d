use ports::bus::BusError;
use ports::store::StoreError;
use rusqlite::ErrorCode;

/// A failure of SQLite as the store's port reports it.
pub(crate) fn store_error(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(error.to_string()),
        // Nobody else interrupts than whoever watches over the time a read takes.
        Some(ErrorCode::OperationInterrupted) => StoreError::OverBudget("it takes too long"),
        _ => StoreError::Unavailable(error.to_string()),
    }
}

/// Why something was not written. Many callers may be told the same.
#[derive(Debug, Clone)]
pub(crate) struct WriteFailed {
    is_corrupt: bool,
    reason: String,
}

impl WriteFailed {
    /// The writer is gone, or could not even begin.
    pub(crate) fn not_begun() -> Self {
        Self { is_corrupt: false, reason: "nothing can be written at the moment".into() }
    }
}

impl From<&rusqlite::Error> for WriteFailed {
    fn from(error: &rusqlite::Error) -> Self {
        let is_corrupt =
            matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase));
        Self { is_corrupt, reason: error.to_string() }
    }
}

impl From<WriteFailed> for StoreError {
    fn from(failed: WriteFailed) -> Self {
        if failed.is_corrupt { Self::Corrupt(failed.reason) } else { Self::Unavailable(failed.reason) }
    }
}

impl From<WriteFailed> for BusError {
    fn from(failed: WriteFailed) -> Self {
        Self::Unavailable(failed.reason)
    }
}
