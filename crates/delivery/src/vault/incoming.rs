use super::VaultError;
use crate::files::{Kind, Upload, Uploaded};
use crate::sealing::{Sealer, WrappedKey};
use crate::storage::Writer;

/// A file that comes in. Dropped before it is finished, it leaves nothing in the store.
pub struct Incoming {
    upload: Upload,
    sealer: Sealer,
    key: WrappedKey,
    writer: Writer,
}

/// A file that has come in, and is in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it claims to be by its beginning; what it is, the [worker](crate::worker) finds out.
    pub kind: Kind,
    /// How much it is, unsealed.
    pub bytes: u64,
    /// The key that it is sealed under, wrapped. Without it nobody can read the file again.
    pub key: WrappedKey,
}

impl Incoming {
    pub(super) fn new(sealer: Sealer, key: WrappedKey, writer: Writer) -> Self {
        Self { upload: Upload::default(), sealer, key, writer }
    }

    /// Takes in the next part of the file, or refuses it. Waits while the store is slower than what comes.
    pub async fn push(&mut self, part: &[u8]) -> Result<(), VaultError> {
        self.upload.push(part)?;
        self.writer.write(self.sealer.push(part)?).await?;
        Ok(())
    }

    /// The file is whole: it gets its place in the store.
    pub async fn finish(mut self) -> Result<Received, VaultError> {
        let Uploaded { kind, bytes } = self.upload.finish()?;
        self.writer.write(self.sealer.finish()?).await?;
        self.writer.finish().await?;
        Ok(Received { kind, bytes, key: self.key })
    }
}
