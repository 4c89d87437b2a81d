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
    /// The commit conflicts with another; nothing was written.
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// The database does not respond, or did not confirm whether it wrote.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The query was refused, or stopped, because it would have taken too much from others. Nothing is wrong with
    /// the database: it may succeed later, or if it asks for less.
    #[error("over budget: {0}")]
    OverBudget(&'static str),
    /// A stored record cannot be read.
    #[error("unreadable record: {0}")]
    Corrupt(String),
}
