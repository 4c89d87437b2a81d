//! Files of 1 MiB that axum puts into files and reads from one.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::routing::{get, put};
use futures::StreamExt;
use http::StatusCode;
use testkit::process::{Program, Server};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

use crate::load::{Job, closed_loop, get as request, put_file};
use crate::programs::scratch;
use crate::report::Figure;
use crate::system::Meter;

/// As many bytes as the files of delivery have.
const BYTES: usize = 1024 * 1024;
/// As many connections as delivery is given files and asked for them over.
const PUTTING: usize = 16;
const READING: usize = 64;
/// Where the server keeps files.
const FOLDER: &str = "FILES";
/// The file that is read.
const READ: &str = "read";

/// Files put into files of their own, each synced before the answer; and one read again and again.
pub(super) async fn run(time: Duration) -> Result<Vec<Figure>> {
    let directory = scratch()?;
    let file = vec![b'x'; BYTES];
    std::fs::write(directory.path().join(READ), &file)?;
    let program = Program::new(std::env::current_exe()?).arg("--serve-baseline").env(FOLDER, directory.path());
    let server = Server::launch(program).await;
    let mut figures = Vec::new();
    for (key, name, connections, request) in [
        ("files-put", "axum, 1 MiB into a file, synced", PUTTING, put_file("/files", None, &file)),
        ("files-read", "axum, 1 MiB from a file", READING, request("/files", None)),
    ] {
        let meter = Meter::start(&[("axum", server.pid())])?;
        let job = Job::repeat(server.address(), connections, vec![request], time);
        let (tally, _) = closed_loop(job.only(200)).await?;
        figures.push(Figure::rate(key, name, &tally).costing(meter.shares(tally.count())?));
    }
    Ok(figures)
}

/// Where files are, and how many have come.
struct Files {
    folder: PathBuf,
    count: AtomicU64,
}

/// The part of the server that does it; none where it is not told where.
pub(super) fn routes() -> Router {
    let Some(folder) = std::env::var_os(FOLDER) else { return Router::new() };
    let files = Files { folder: folder.into(), count: AtomicU64::new(0) };
    Router::new().route("/files", put(keep).merge(get(read))).with_state(Arc::new(files))
}

async fn keep(State(files): State<Arc<Files>>, body: Body) -> Result<(), StatusCode> {
    let number = files.count.fetch_add(1, Ordering::Relaxed);
    let mut file = File::create(files.folder.join(number.to_string())).await.map_err(failed)?;
    let mut parts = body.into_data_stream();
    while let Some(part) = parts.next().await {
        file.write_all(&part.map_err(|_| StatusCode::BAD_REQUEST)?).await.map_err(failed)?;
    }
    // What was written is not in the file yet.
    file.flush().await.map_err(failed)?;
    file.sync_all().await.map_err(failed)
}

async fn read(State(files): State<Arc<Files>>) -> Result<Bytes, StatusCode> {
    tokio::fs::read(files.folder.join(READ)).await.map(Bytes::from).map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn failed(error: std::io::Error) -> StatusCode {
    eprintln!("the files of the raw limit: {error}");
    StatusCode::INTERNAL_SERVER_ERROR
}
