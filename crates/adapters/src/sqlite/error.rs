use ports::store::StoreError;
use rusqlite::ErrorCode;

/// A failure of SQLite as the port reports it.
pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Corrupt(error.to_string()),
        // Nobody else interrupts than whoever watches over the time a read takes.
        Some(ErrorCode::OperationInterrupted) => StoreError::OverBudget("it takes too long"),
        _ => StoreError::Unavailable(error.to_string()),
    }
}
