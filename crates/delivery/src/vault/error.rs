use crate::files::Refusal;
use crate::sealing::SealingError;
use crate::storage::StorageError;

/// Why a file could not be taken in or given out.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It could not be sealed or opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// The store did not do its part.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
