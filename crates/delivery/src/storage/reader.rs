use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::StorageError;

/// How much is asked for at once.
const SLICE: u64 = 256 * 1024;

/// A store that has just answered does so again within this time. For one that is away nobody waits twice.
const ANSWERS_AGAIN: Duration = Duration::from_secs(2);

/// Gets one file from the store, a slice at a time: whoever reads slowly keeps no connection of the store's open.
pub struct Reader {
    store: Arc<dyn ObjectStore>,
    path: Path,
    reading: Arc<Semaphore>,
    /// The slice that came with the answer that there is such a file.
    first: Option<Bytes>,
    rest: Range<u64>,
}

impl Reader {
    /// Begins to get it, once it is its turn among what is `reading`.
    pub(super) async fn open(
        store: Arc<dyn ObjectStore>,
        path: Path,
        reading: Arc<Semaphore>,
    ) -> Result<Self, StorageError> {
        let mut file = Self { store, path, reading, first: None, rest: 0..0 };
        let (first, size) = match file.read(0..SLICE).await {
            // Of nothing no store has a slice. No file is empty that was put here.
            Err(StorageError::Away(_)) if file.is_empty().await => return Err(StorageError::NotFound),
            read => read?,
        };
        file.rest = first.len() as u64..size;
        file.first = Some(first);
        Ok(file)
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
        let (slice, _) = self.read(slice).await?;
        if slice.is_empty() {
            return Err(StorageError::NotFound);
        }
        self.rest.start += slice.len() as u64;
        Ok(Some(slice))
    }

    /// Whether there is a file with nothing in it.
    async fn is_empty(&self) -> bool {
        let asked = timeout(ANSWERS_AGAIN, self.store.head(&self.path));
        asked.await.is_ok_and(|found| found.is_ok_and(|found| found.size == 0))
    }

    /// A slice of the file, and how large all of it is.
    async fn read(&self, slice: Range<u64>) -> Result<(Bytes, u64), StorageError> {
        let _turn = self.reading.acquire().await;
        let options = GetOptions { range: Some(GetRange::Bounded(slice)), ..GetOptions::default() };
        let found = self.store.get_opts(&self.path, options).await?;
        let size = found.meta.size;
        Ok((found.bytes().await?, size))
    }
}
