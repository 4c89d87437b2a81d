//! As much of S3 as delivery uses.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use tokio::net::TcpListener;

use super::objects::{Objects, Slice};
use super::{BUCKET, FOLDER};

/// More than a part of a file has.
const MOST: usize = 16 * 1024 * 1024;

/// Serves the bucket at `LISTEN_ADDR` until killed.
///
/// # Errors
/// If it cannot listen there, or write to its folder.
pub async fn serve_bucket() -> Result<()> {
    let variable = |name| std::env::var(name).with_context(|| format!("{name} is not set"));
    let objects = Objects::open(PathBuf::from(variable(FOLDER)?))?;
    let listener = TcpListener::bind(variable("LISTEN_ADDR")?.parse::<SocketAddr>()?).await?;
    Ok(axum::serve(listener, routes(objects)).await?)
}

fn routes(objects: Objects) -> Router {
    Router::new()
        .route("/readyz", get(async || "ready"))
        .route(&format!("/{BUCKET}"), get(list))
        .route(&format!("/{BUCKET}/{{*key}}"), get(read).put(put).post(begin_or_complete).delete(delete))
        .layer(DefaultBodyLimit::max(MOST))
        .with_state(objects)
}

/// Which upload in parts a request is about, and which part of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    upload_id: Option<String>,
    part_number: Option<u32>,
}

/// What was not done, and why.
enum Refused {
    Full,
    NoSuchKey,
    Failed(io::Error),
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code) = match self {
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "XMinioStorageFull"),
            Self::NoSuchKey => (StatusCode::NOT_FOUND, "NoSuchKey"),
            Self::Failed(error) => {
                eprintln!("the bucket: {error}");
                (StatusCode::INTERNAL_SERVER_ERROR, "InternalError")
            }
        };
        (status, xml(&format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"))).into_response()
    }
}

type Answer = Result<Response, Refused>;

/// Nothing is listed: whoever asks wants to know whether it answers.
async fn list() -> Response {
    xml("<ListBucketResult></ListBucketResult>").into_response()
}

async fn put(
    State(objects): State<Objects>,
    Path(key): Path<String>,
    Query(upload): Query<Upload>,
    bytes: Bytes,
) -> Answer {
    if objects.is_full() {
        return Err(Refused::Full);
    }
    match (upload.upload_id, upload.part_number) {
        (Some(upload), Some(number)) => objects.put_part(&upload, number, &bytes)?,
        _ => objects.put(&key, &bytes)?,
    }
    Ok([(header::ETAG, tag(bytes.len() as u64))].into_response())
}

async fn begin_or_complete(
    State(objects): State<Objects>,
    Path(key): Path<String>,
    Query(upload): Query<Upload>,
) -> Answer {
    if objects.is_full() {
        return Err(Refused::Full);
    }
    let done = match upload.upload_id {
        Some(upload) => {
            objects.complete(&upload, &key)?;
            format!("<CompleteMultipartUploadResult><ETag>{}</ETag></CompleteMultipartUploadResult>", tag(0))
        }
        None => {
            let upload = objects.begin()?;
            format!("<InitiateMultipartUploadResult><UploadId>{upload}</UploadId></InitiateMultipartUploadResult>")
        }
    };
    Ok(xml(&done).into_response())
}

async fn read(State(objects): State<Objects>, Path(key): Path<String>, headers: HeaderMap) -> Answer {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(range_of);
    let (start, end) = range.unwrap_or((0, u64::MAX));
    let Slice { bytes, start, size } = objects.get(&key, start, end)?.ok_or(Refused::NoSuchKey)?;
    if range.is_none() {
        return Ok(([(header::ETAG, tag(size))], bytes).into_response());
    }
    if start >= size {
        return Ok(StatusCode::RANGE_NOT_SATISFIABLE.into_response());
    }
    let last = start + bytes.len() as u64 - 1;
    let part = [(header::ETAG, tag(size)), (header::CONTENT_RANGE, format!("bytes {start}-{last}/{size}"))];
    Ok((StatusCode::PARTIAL_CONTENT, part, bytes).into_response())
}

async fn delete(State(objects): State<Objects>, Path(key): Path<String>, Query(upload): Query<Upload>) -> Answer {
    match upload.upload_id {
        Some(upload) => objects.abort(&upload)?,
        None => objects.delete(&key)?,
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The first byte, and the one after the last: `bytes=0-99` is (0, 100).
fn range_of(text: &str) -> Option<(u64, u64)> {
    let (start, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    Some((start.parse().ok()?, last.parse::<u64>().ok()?.checked_add(1)?))
}

/// Nobody compares them.
fn tag(size: u64) -> String {
    format!("\"{size:x}\"")
}

fn xml(body: &str) -> impl IntoResponse + use<> {
    ([(header::CONTENT_TYPE, "application/xml")], format!("<?xml version=\"1.0\"?>{body}"))
}

#[cfg(test)]
mod tests {
    use delivery::storage::{Storage, StorageAddress, StorageError};
    use testkit::process::Program;

    use super::super::used_by;
    use super::*;

    /// Where the bucket of the second run is.
    const ADDRESS: &str = "OBJECT_STORE";
    const FILE: &str = "65f0000000000000000000aa";

    async fn write(storage: &Storage, bytes: &[u8]) -> Result<(), StorageError> {
        let mut writer = storage.put(FILE.parse().expect("an id"));
        for part in bytes.chunks(65_552) {
            writer.write(part.to_vec()).await?;
        }
        writer.finish().await
    }

    async fn read(storage: &Storage) -> Result<Vec<u8>, StorageError> {
        let (mut reader, mut read) = (storage.get(FILE.parse().expect("an id")).await?, Vec::new());
        while let Some(slice) = reader.next().await? {
            read.extend_from_slice(&slice);
        }
        Ok(read)
    }

    /// The keys to a bucket come from the environment, which a process cannot change for itself: the test runs its own
    /// program once more with them.
    #[tokio::test]
    async fn delivery_keeps_files_there_until_it_is_full() {
        let Ok(address) = std::env::var(ADDRESS) else { return serve_a_second_run().await };
        let storage = Storage::open(&address.parse::<StorageAddress>().expect("an address")).expect("opens");
        storage.probe().await.expect("answers");
        assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
        for length in [17, 600_000, 5 * 1024 * 1024 + 1, 5_500_000] {
            let file: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            write(&storage, &file).await.expect("is written");
            assert!(read(&storage).await.expect("is read") == file, "{length}");
        }
        for _ in 0..2 {
            storage.delete(FILE.parse().expect("an id")).await.expect("is deleted, or was");
            assert!(matches!(read(&storage).await, Err(StorageError::NotFound)));
        }
        std::fs::write(std::env::var(FOLDER).expect("a folder") + "/full", "").expect("is marked");
        let written = write(&storage, b"ticket").await;
        assert!(matches!(written, Err(StorageError::Full)), "{written:?}");
    }

    async fn serve_a_second_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let objects = Objects::open(folder.path().to_owned()).expect("opens");
        let serving = tokio::spawn(async move { axum::serve(listener, routes(objects)).await });
        let test =
            format!("{}::delivery_keeps_files_there_until_it_is_full", module_path!().replacen("chaos::", "", 1));
        let this = Program::new(std::env::current_exe().expect("this program is a file"));
        let run = used_by(this, address).env(FOLDER, folder.path()).args(["--exact", &test, "--nocapture"]).run().await;
        assert!(run.code == Some(0) && run.stdout.contains("1 passed"), "{run:?}");
        serving.abort();
    }

    #[test]
    fn a_range_ends_before_what_follows() {
        assert_eq!(range_of("bytes=0-99"), Some((0, 100)));
        for other in ["", "bytes=5-", "bytes=-5", "lines=0-1", "bytes=0-18446744073709551615"] {
            assert_eq!(range_of(other), None, "{other}");
        }
    }
}
