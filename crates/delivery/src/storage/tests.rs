//! What every store does, on a folder and in memory.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::time::Duration;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::throttle::{ThrottleConfig, ThrottledStore};
use object_store::{ObjectStoreExt, PutPayload};

use super::*;
use crate::sealing::FileId;

/// A store that is written to in small parts.
fn memory() -> Storage {
    Storage::new(Arc::new(InMemory::new()), 1_000)
}

fn file() -> FileId {
    "65f0000000000000000000aa".parse().expect("is an id")
}

async fn write(storage: &Storage, parts: &[Vec<u8>]) -> Result<(), StorageError> {
    let mut writer = storage.put(file());
    for part in parts {
        writer.write(part.clone()).await?;
    }
    writer.finish().await
}

async fn read(storage: &Storage) -> Result<Vec<u8>, StorageError> {
    let mut reader = storage.get(file()).await?;
    let mut read = Vec::new();
    while let Some(slice) = reader.next().await? {
        read.extend_from_slice(&slice);
    }
    Ok(read)
}

async fn does_what_stores_do(storage: &Storage) {
    assert!(matches!(read(storage).await, Err(StorageError::NotFound)));
    storage.probe().await.expect("answers");
    for length in [17, 999, 1_000, 300_000, 256 * 1024, 512 * 1024, 3_000_000] {
        let whole: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
        let parts: Vec<Vec<u8>> = whole.chunks(65_552).map(<[u8]>::to_vec).collect();
        write(storage, &parts).await.expect("is written");
        assert!(read(storage).await.expect("is read") == whole, "{length}");
    }
    storage.delete(file()).await.expect("is deleted");
    storage.delete(file()).await.expect("is deleted already");
    assert!(matches!(read(storage).await, Err(StorageError::NotFound)));
}

#[tokio::test]
async fn files_are_put_got_and_deleted() {
    does_what_stores_do(&memory()).await;
    let folder = tempfile::tempdir().expect("makes a folder");
    let address = StorageAddress::in_folder(&folder.path().join("not/yet"));
    does_what_stores_do(&Storage::open(&address).expect("opens")).await;
    does_what_stores_do(&Storage::open(&StorageAddress::Memory).expect("opens")).await;
}

#[tokio::test]
async fn a_folder_that_is_made_is_private_and_what_it_is_in_is_as_usual() {
    let scratch = tempfile::tempdir().expect("makes a folder");
    let (parent, there) = (scratch.path().join("not/yet"), scratch.path().join("there"));
    std::fs::create_dir(&there).expect("is made");
    let mode = |folder: &std::path::Path| folder.metadata().expect("is there").permissions().mode() & 0o777;
    let usual = mode(&there);
    let folder = parent.join("files");
    for _ in 0..2 {
        Storage::open(&StorageAddress::in_folder(&parent)).expect("opens");
        assert_eq!((mode(&folder), mode(&parent)), (0o700, usual));
    }
    Storage::open(&StorageAddress::Folder(there.clone())).expect("opens");
    assert_eq!(mode(&there), usual, "it is somebody's already");
}

#[tokio::test]
async fn what_is_cut_off_leaves_nothing() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let storage = Storage::open(&StorageAddress::Folder(folder.path().to_owned())).expect("opens");
    for storage in [storage, memory()] {
        let mut writer = storage.put(file());
        for _ in 0..20 {
            writer.write(vec![7; 65_552]).await.expect("is written");
        }
        assert!(matches!(read(&storage).await, Err(StorageError::NotFound)), "it is not whole yet");
        drop(writer);
        assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_written_to_is_away() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let storage = Storage::open(&StorageAddress::Folder(folder.path().to_owned())).expect("opens");
    // Where files would be there is one.
    std::fs::write(folder.path().join("files"), "").expect("is written");
    assert!(matches!(write(&storage, &[vec![7; 100]]).await, Err(StorageError::Away(_))));
    assert!(matches!(write(&storage, &[vec![7; 1_000_000]]).await, Err(StorageError::Away(_))));
    let nowhere = StorageAddress::Folder(folder.path().join("files/below"));
    assert!(matches!(Storage::open(&nowhere), Err(StorageError::Away(_))));
}

/// Whoever wants a file from a store that does not answer has waited for that once.
#[tokio::test]
async fn a_store_that_is_away_is_not_waited_for_twice() {
    for (seconds, is_away) in [(0, false), (6, true)] {
        let config = ThrottleConfig { wait_get_per_call: Duration::from_secs(seconds), ..ThrottleConfig::default() };
        let store = ThrottledStore::new(InMemory::new(), config);
        // A slice of nothing is refused, as everything is by a store that is away.
        store.put(&Path::from(format!("files/{}", file())), PutPayload::new()).await.expect("is put");
        match Storage::new(Arc::new(store), 1_000).get(file()).await.err() {
            Some(StorageError::NotFound) => assert!(!is_away),
            Some(StorageError::Away(_)) => assert!(is_away),
            other => panic!("{other:?}"),
        }
    }
}
