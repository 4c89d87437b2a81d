use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore};

use super::StorageError;

/// How much is asked for at once.
const SLICE: u64 = 512 * 1024;

/// Gets one file from the store, a slice at a time: whoever reads slowly keeps no connection of the store's open.
pub struct Reader {
    store: Arc<dyn ObjectStore>,
    path: Path,
    /// The slice that came with the answer that there is such a file.
    first: Option<Bytes>,
    rest: Range<u64>,
}

impl Reader {
    pub(super) async fn open(store: Arc<dyn ObjectStore>, path: Path) -> Result<Self, StorageError> {
        let options = GetOptions { range: Some(GetRange::Bounded(0..SLICE)), ..GetOptions::default() };
        let found = store.get_opts(&path, options).await?;
        let size = found.meta.size;
        let first = found.bytes().await?;
        Ok(Self { store, path, rest: first.len() as u64..size, first: Some(first) })
    }

    /// The next slice; `None` at the end of the file.
    pub async fn next(&mut self) -> Result<Option<Bytes>, StorageError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let slice = self.rest.start..self.rest.end.min(self.rest.start + SLICE);
        let options = GetOptions { range: Some(GetRange::Bounded(slice)), ..GetOptions::default() };
        let slice = self.store.get_opts(&self.path, options).await?.bytes().await?;
        if slice.is_empty() {
            return Err(StorageError::NotFound);
        }
        self.rest.start += slice.len() as u64;
        Ok(Some(slice))
    }
}
