//! The way of a file into the store and out of it: looked at, sealed and stored while it comes, and opened while it
//! goes. No more than a part of it is in memory at any time.

mod error;
mod incoming;
mod outgoing;
#[cfg(test)]
mod tests;

use crate::sealing::{FileId, MasterKeys, Subject, WrappedKey};
use crate::storage::{Storage, StorageError};

pub use error::VaultError;
pub use incoming::{Incoming, Received};
pub use outgoing::Outgoing;

/// Files, sealed under keys that the store does not have. Clones are the same vault.
#[derive(Debug, Clone)]
pub struct Vault {
    storage: Storage,
    keys: MasterKeys,
}

impl Vault {
    /// Files in this store, sealed under these keys.
    pub fn new(storage: Storage, keys: MasterKeys) -> Self {
        Self { storage, keys }
    }

    /// What seals, for what is kept elsewhere.
    pub fn keys(&self) -> &MasterKeys {
        &self.keys
    }

    /// Begins to take in a file. An id is used once: what replaces a file has another.
    pub fn receive(&self, subject: &Subject) -> Result<Incoming, VaultError> {
        let (sealer, key) = self.keys.seal(subject)?;
        Ok(Incoming::new(sealer, key, self.storage.put(subject.file)))
    }

    /// Begins to give out a file. That it is there, that its key is, and how it begins, is certain once this has
    /// returned; it can be answered that all is well.
    pub async fn open(&self, key: &WrappedKey, subject: &Subject) -> Result<Outgoing, VaultError> {
        let opener = self.keys.open(key, subject)?;
        Outgoing::begin(opener, self.storage.get(subject.file).await?).await
    }

    /// Deletes a file. One that is not there is as good as deleted.
    pub async fn delete(&self, file: FileId) -> Result<(), StorageError> {
        self.storage.delete(file).await
    }

    /// Whether the store answers.
    pub async fn probe(&self) -> Result<(), StorageError> {
        self.storage.probe().await
    }
}
