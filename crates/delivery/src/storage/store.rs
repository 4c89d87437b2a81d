use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path as Folder;
use std::sync::Arc;

use futures_util::StreamExt;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;

use super::address::Bucket;
use super::{Reader, StorageAddress, StorageError, Writer};
use crate::sealing::FileId;

/// What is written at once where the size of a part makes no difference.
const PART: usize = 256 * 1024;

/// How many slices of files are read at once. A folder is read by threads, each of which keeps memory that it has used:
/// with as many as there are downloads that grew for as long as there were.
const READ_AT_ONCE: usize = 16;

/// The mode of a folder that its owner alone may look into.
const PRIVATE: u32 = 0o700;

/// A store of sealed files. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    part: usize,
    reading: Arc<Semaphore>,
}

impl Storage {
    /// The store there. A folder is made if there is none; whether a bucket can be reached, [`probe`](Self::probe)
    /// tells.
    pub fn open(address: &StorageAddress) -> Result<Self, StorageError> {
        match address {
            StorageAddress::Memory => Ok(Self::new(Arc::new(InMemory::new()), PART)),
            StorageAddress::Folder(folder) => Ok(Self::new(Arc::new(local(folder)?), PART)),
            StorageAddress::Bucket(bucket) => open_bucket(bucket),
        }
    }

    /// A store that is there already; the parts that a file is written in are this large.
    pub fn new(store: Arc<dyn ObjectStore>, part: usize) -> Self {
        Self { store, part, reading: Arc::new(Semaphore::new(READ_AT_ONCE)) }
    }

    /// Begins to put a file into the store.
    pub fn put(&self, file: FileId) -> Writer {
        Writer::new(self.store.clone(), path(file), self.part)
    }

    /// Begins to get a file.
    pub async fn get(&self, file: FileId) -> Result<Reader, StorageError> {
        Reader::open(self.store.clone(), path(file), self.reading.clone()).await
    }

    /// Deletes a file. One that is not there is as good as deleted.
    pub async fn delete(&self, file: FileId) -> Result<(), StorageError> {
        match self.store.delete(&path(file)).await.map_err(Into::into) {
            Err(StorageError::NotFound) => Ok(()),
            deleted => deleted,
        }
    }

    /// Whether the store answers. It is asked for files that it cannot have.
    pub async fn probe(&self) -> Result<(), StorageError> {
        match self.store.list(Some(&Path::from("probe"))).next().await {
            None | Some(Ok(_)) => Ok(()),
            // Without the bucket there is no store.
            Some(Err(error @ object_store::Error::NotFound { .. })) => Err(StorageError::Away(error.into())),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

fn path(file: FileId) -> Path {
    Path::from(format!("files/{file}"))
}

/// What is written there has reached the disk before anybody is told of it. A folder that is made is nobody else's,
/// whatever the umask is.
fn local(folder: &Folder) -> Result<LocalFileSystem, StorageError> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    DirBuilder::new().recursive(true).mode(PRIVATE).create(folder)?;
    Ok(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))
}

#[cfg(feature = "s3")]
fn open_bucket(bucket: &Bucket) -> Result<Storage, StorageError> {
    super::s3::open(bucket)
}

#[cfg(not(feature = "s3"))]
fn open_bucket(_: &Bucket) -> Result<Storage, StorageError> {
    Err(StorageError::Away("this build has no S3: build it with `--features cluster`".into()))
}
