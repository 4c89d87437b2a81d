//! An object store that speaks S3, in a process of its own, so that it can be killed: what it has confirmed it has
//! written, and has again when it is started. (The one that `cargo xtask engines --objects` brings forgets everything.)
//! It can be full.

mod objects;
mod server;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use testkit::process::{Program, Server};

pub use server::serve_bucket;

/// The only bucket.
const BUCKET: &str = "tickets";
/// The variable that says where it keeps everything.
const FOLDER: &str = "BUCKET_FOLDER";

/// The process. Killed when dropped.
pub(super) struct Bucket {
    pub(super) server: Server,
    folder: PathBuf,
}

impl Bucket {
    /// A new one that keeps everything in this folder, running and ready. `program` is `chaos`.
    pub(super) async fn launch(program: &Path, folder: PathBuf) -> Self {
        let server = Server::launch(Program::new(program).arg("bucket").env(FOLDER, &folder)).await;
        Self { server, folder }
    }

    /// Whether it has no room from now on.
    pub(super) fn set_full(&self, is_full: bool) -> Result<()> {
        let mark = self.folder.join(objects::FULL);
        let set = if is_full { fs::write(mark, "") } else { fs::remove_file(mark) };
        set.context("the mark of a full store")
    }
}

/// What delivery is told, to reach it at this address.
pub(super) fn used_by(delivery: Program, at: SocketAddr) -> Program {
    delivery
        .env("OBJECT_STORE", format!("s3://{BUCKET}?endpoint=http://{at}&region=us-east-1"))
        .env("AWS_ACCESS_KEY_ID", "key")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        // It knows no list of what is to be deleted.
        .env("AWS_DISABLE_BULK_DELETE", "true")
}
