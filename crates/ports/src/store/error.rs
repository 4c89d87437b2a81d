/// Why a commit was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conflict {
    /// The record is not at the expected revision.
    Stale,
    /// A record with this id exists already.
    Exists,
    /// Another record has the same values under this unique index.
    Unique(&'static str),
}

/// What can go wrong with a store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The commit lost against another; nothing was written.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The database does not answer, or did not say whether it wrote.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// What is stored cannot be read as what it should be.
    #[error("unreadable record: {0}")]
    Corrupt(String),
}
