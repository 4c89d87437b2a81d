use common::id::{Id, TicketId};

/// What a [`FileId`] names.
pub enum File {}

/// One file of one ticket. What replaces it has an id of its own.
pub type FileId = Id<File>;

/// What a sealed file is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The file.
    pub file: FileId,
    /// The ticket that it lets somebody in for.
    pub ticket: TicketId,
}

impl Subject {
    /// The data that encryption for `purpose` is bound to. Ids are of one length, so no two subjects have the same.
    pub(super) fn bound_to(&self, purpose: &str) -> Vec<u8> {
        format!("{}:{}:{purpose}", self.file, self.ticket).into_bytes()
    }
}
