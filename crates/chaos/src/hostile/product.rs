use std::path::{Path, PathBuf};

use anyhow::Result;
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Program, Server};

use crate::cargo::{self, Build};

/// Long enough that no order expires during an attack.
const RESERVATION: &str = "2h";

/// The whole marketplace as one process with its own data.
pub(super) struct Product {
    pub(super) server: Server,
    data: tempfile::TempDir,
}

/// What keeps the product's data.
#[derive(Debug, Clone, Copy)]
pub(super) enum Engines {
    /// SQLite and the local bus.
    Embedded,
    /// MongoDB and NATS.
    Real,
}

impl Engines {
    /// Both.
    pub(super) const ALL: [Self; 2] = [Self::Embedded, Self::Real];

    /// What they are called in a report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "on SQLite",
            Self::Real => "on MongoDB and NATS",
        }
    }
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

    /// Running and ready on these engines, without the limits that would keep one account from listing very many
    /// tickets.
    pub(super) async fn launch_unlimited(executable: &Path, engines: Engines) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = Program::new(executable).env("RESERVATION_WINDOW", RESERVATION).env("LIMITS", "off");
        let program = match engines {
            Engines::Embedded => program.env("DATA_DIR", data.path()),
            Engines::Real => {
                let namespace = format!("hostile{:016x}", rand::random::<u64>());
                let program = program.env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
                program.env("NAMESPACE", namespace)
            }
        };
        Ok(Self { server: Server::launch(program).await, _data: data })
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
    cargo::build(Build {
        source: &source,
        selection: &["--package", "server", "--features", "cluster"],
        name: "ticketing",
        apart: "hostile",
    })
}
