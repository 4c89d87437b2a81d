//! Where delivery keeps files, in what speaks S3. The keys to a bucket come from the environment, which a process cannot
//! change for itself: each test runs its own program once more with them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener};
use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use delivery::storage::{Storage, StorageAddress, StorageError};
use testkit::engines::ObjectStore;
use tokio::process::Command;

/// Where the store of the second run is.
const ADDRESS: &str = "TEST_OBJECT_STORE";
/// Where the store keeps what objects have.
const FOLDER: &str = "TEST_OBJECTS";
/// What a file is written in, but for its last part.
const PART: usize = 5 * 1024 * 1024;
/// The store keeps less than this for itself.
const OF_ITS_OWN: u64 = 1024 * 1024;
const FILE: &str = "65f0000000000000000000aa";

/// The store, in the second run. The first one launches a server, waits for the second and fails if that does.
async fn store(test: &str) -> Option<Storage> {
    let Ok(address) = env::var(ADDRESS) else {
        let server = ObjectStore::launch_temporary().await;
        let folder = server.folder().into_os_string().into_string().expect("is text");
        again(test, &server.address(), &[(FOLDER, &folder)]).await;
        return None;
    };
    Some(open(&address))
}

fn open(address: &str) -> Storage {
    let address: StorageAddress = address.parse().expect("is an address");
    Storage::open(&address).expect("opens")
}

async fn again(test: &str, address: &str, variables: &[(&str, &str)]) {
    let this = env::current_exe().expect("this program is a file");
    let mut run = Command::new(this);
    run.args(["--exact", &format!("object_store::{test}"), "--nocapture", "--test-threads=1"]);
    run.env(ADDRESS, address).envs(ObjectStore::keys()).envs(variables.iter().copied());
    let run = run.kill_on_drop(true).output().await.expect("runs");
    let said = String::from_utf8_lossy(&run.stdout);
    let failed = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success() && said.contains("1 passed"), "{said}\n{failed}");
}

async fn write(storage: &Storage, bytes: &[u8]) -> Result<(), StorageError> {
    let mut writer = storage.put(FILE.parse().expect("an id"));
    for part in bytes.chunks(65_552) {
        writer.write(part.to_vec()).await?;
    }
    writer.finish().await
}

async fn read(storage: &Storage) -> Result<Vec<u8>, StorageError> {
    let mut reader = storage.get(FILE.parse().expect("an id")).await?;
    let mut read = Vec::new();
    while let Some(slice) = reader.next().await? {
        read.extend_from_slice(&slice);
    }
    Ok(read)
}

fn file(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at % 251) as u8).collect()
}

#[tokio::test]
async fn a_bucket_keeps_files_of_one_part_and_of_several() {
    const TEST: &str = "a_bucket_keeps_files_of_one_part_and_of_several";
    let Some(storage) = store(TEST).await else { return };
    storage.probe().await.expect("answers");
    assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
    for length in [17, 600_000, PART, PART + 1, 2 * PART + 300_000] {
        write(&storage, &file(length)).await.expect("is written");
        assert!(read(&storage).await.expect("is read") == file(length), "{length}");
    }
    for _ in 0..2 {
        storage.delete(FILE.parse().expect("an id")).await.expect("is deleted, or was");
        assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
    }
}

#[tokio::test]
async fn what_a_bucket_has_confirmed_it_has_when_it_was_killed_or_is_full() {
    const TEST: &str = "what_a_bucket_has_confirmed_it_has_when_it_was_killed_or_is_full";
    const STEP: &str = "TEST_STEP";
    let Ok(address) = env::var(ADDRESS) else {
        let mut server = ObjectStore::launch_temporary().await;
        let address = server.address();
        again(TEST, &address, &[(STEP, "write")]).await;
        server.restart().await;
        server.set_full(true).expect("runs, on Linux");
        again(TEST, &address, &[(STEP, "read")]).await;
        server.set_full(false).expect("runs, on Linux");
        return again(TEST, &address, &[(STEP, "write")]).await;
    };
    let storage = open(&address);
    if env::var(STEP).expect("a step") == "read" {
        assert!(matches!(write(&storage, &file(17)).await, Err(StorageError::Away(_))));
    } else {
        write(&storage, &file(PART + 1)).await.expect("is written");
    }
    assert!(read(&storage).await.expect("is read") == file(PART + 1));
}

/// How many bytes all files in the folder have.
fn bytes_in(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).expect("is a folder").map(|entry| entry.expect("is read"));
    let bytes = entries.map(|entry| match entry.metadata() {
        Ok(of) if of.is_dir() => bytes_in(&entry.path()),
        Ok(of) => of.len(),
        // It has just gone.
        Err(_) => 0,
    });
    bytes.sum()
}

#[tokio::test]
async fn what_is_broken_off_leaves_nothing_in_a_bucket() {
    const TEST: &str = "what_is_broken_off_leaves_nothing_in_a_bucket";
    let Some(storage) = store(TEST).await else { return };
    let mut writer = storage.put(FILE.parse().expect("an id"));
    for part in file(2 * PART).chunks(65_552) {
        writer.write(part.to_vec()).await.expect("is written");
    }
    let folder = env::var(FOLDER).expect("a folder");
    let is_something_kept = || bytes_in(Path::new(&folder)) > OF_ITS_OWN;
    assert!(is_something_kept(), "the first part is there");
    drop(writer);
    testkit::world::within(async {
        while is_something_kept() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
}

#[tokio::test]
async fn a_bucket_that_is_away_or_not_there_or_not_ours_is_said_to_be_away() {
    const TEST: &str = "a_bucket_that_is_away_or_not_there_or_not_ours_is_said_to_be_away";
    let Ok(address) = env::var(ADDRESS) else {
        let mut server = ObjectStore::launch_temporary().await;
        let address = server.address();
        again(TEST, &address.replace("s3://tickets", "s3://elsewhere"), &[]).await;
        again(TEST, &address, &[("AWS_SECRET_ACCESS_KEY", "another")]).await;
        server.kill();
        return again(TEST, &address, &[]).await;
    };
    let storage = open(&address);
    assert!(matches!(storage.probe().await, Err(StorageError::Away(_))));
    assert!(matches!(write(&storage, b"ticket").await, Err(StorageError::Away(_) | StorageError::NotFound)));
}

/// This is what those say that know when they are full; others say that they have failed.
#[tokio::test]
async fn a_bucket_that_is_full_is_said_to_be_full() {
    const TEST: &str = "a_bucket_that_is_full_is_said_to_be_full";
    let Ok(address) = env::var(ADDRESS) else {
        for (status, code) in [("507 Insufficient Storage", "XMinioStorageFull"), ("403 Forbidden", "QuotaExceeded")] {
            let port = answering(status, code);
            again(TEST, &format!("s3://tickets?endpoint=http://127.0.0.1:{port}&region=us-east-1"), &[]).await;
        }
        return;
    };
    let written = write(&open(&address), b"ticket").await;
    assert!(matches!(written, Err(StorageError::Full)), "{written:?}");
}

/// A server that says this to everybody, on a thread that ends with the test's process.
fn answering(status: &'static str, code: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{code}</Message></Error>");
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            // What is asked may come in several parts: to close the connection before the last would break it off.
            let _ = connection.set_read_timeout(Some(Duration::from_secs(1)));
            let _ = connection.read(&mut [0; 65_536]);
            let _ = connection.write_all(answer.as_bytes());
            let _ = connection.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut connection, &mut std::io::sink());
        }
    });
    port
}
