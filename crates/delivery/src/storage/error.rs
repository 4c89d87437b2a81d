use std::error::Error;
use std::io;

/// Why the store did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such file.
    #[error("the file is not in the store")]
    NotFound,
    /// There is no room for it.
    #[error("the store is full")]
    Full,
    /// It cannot be reached, or does not let us in. Another attempt may succeed.
    #[error("the store is away: {0}")]
    Away(#[source] Box<dyn Error + Send + Sync>),
}

/// What servers say that have no room.
const FULL: [&str; 3] = ["507 Insufficient Storage", "StorageFull", "QuotaExceeded"];

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            error if is_full(&error) => Self::Full,
            error => Self::Away(error.into()),
        }
    }
}

/// A writer's errors are those of the store, in a wrapping of their own.
impl From<io::Error> for StorageError {
    fn from(error: io::Error) -> Self {
        error.downcast::<object_store::Error>().map_or_else(|error| Self::Away(error.into()), Into::into)
    }
}

fn is_full(error: &(dyn Error + 'static)) -> bool {
    let is_full_itself = match error.downcast_ref::<io::Error>() {
        Some(error) => matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded),
        None => {
            let said = error.to_string();
            FULL.iter().any(|full| said.contains(full))
        }
    };
    is_full_itself || error.source().is_some_and(is_full)
}
