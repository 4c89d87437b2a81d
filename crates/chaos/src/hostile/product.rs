use std::path::{Path, PathBuf};

use anyhow::Result;
use testkit::process::{Program, Server};

use crate::cargo::{self, Build};

/// Long enough that no order expires during an attack.
const RESERVATION: &str = "2h";

/// The whole marketplace as one process with its own data.
pub(super) struct Product {
    pub(super) server: Server,
    data: tempfile::TempDir,
}

impl Product {
    /// Running and ready.
    pub(super) async fn launch(executable: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = Program::new(executable).env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION);
        Ok(Self { server: Server::launch(program).await, data })
    }

    /// Where it keeps everything.
    pub(super) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Running and ready, with a limit of open files.
    pub(super) async fn launch_with_files(executable: &Path, files: u32) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let script = format!("ulimit -n {files} && exec \"$0\"");
        let program = Program::new("/bin/sh").arg("-c").arg(script).arg(executable);
        let program = program.env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION);
        Ok(Self { server: Server::launch(program).await, data })
    }
}

/// Builds it as users do, optimised if this program is.
pub(super) fn build() -> Result<PathBuf> {
    println!("building the product");
    let source = cargo::workspace();
    cargo::build(Build { source: &source, selection: &["--package", "server"], name: "ticketing", apart: "hostile" })
}
