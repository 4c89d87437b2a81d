use std::sync::Arc;

use bytes::Bytes;
use object_store::ObjectStore;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Handle;

use super::StorageError;

/// Puts one file into the store while it comes in. Dropped before it is finished, it leaves nothing.
pub struct Writer {
    /// `None` once it is finished.
    writer: Option<BufWriter>,
}

impl Writer {
    /// It holds two parts of the file at most: one that comes, and one on its way into the store.
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path, part: usize) -> Self {
        Self { writer: Some(BufWriter::with_capacity(store, path, part).with_max_concurrency(1)) }
    }

    /// Takes the next part of the file; waits while the store is slower than what comes.
    pub async fn write(&mut self, part: Vec<u8>) -> Result<(), StorageError> {
        if let Some(writer) = &mut self.writer
            && !part.is_empty()
        {
            writer.put(Bytes::from(part)).await?;
        }
        Ok(())
    }

    /// The file is whole and gets its name. It is in the store to stay once this has returned.
    pub async fn finish(mut self) -> Result<(), StorageError> {
        if let Some(mut writer) = self.writer.take() {
            writer.shutdown().await?;
        }
        Ok(())
    }
}

impl Drop for Writer {
    /// A server keeps the parts of what was begun until it is told that no more will come.
    fn drop(&mut self) {
        if let (Some(mut writer), Ok(runtime)) = (self.writer.take(), Handle::try_current()) {
            runtime.spawn(async move { writer.abort().await });
        }
    }
}
