use std::path::{Path, PathBuf};

use anyhow::Result;
use testkit::engines::{mongodb_uri, nats_url};
use testkit::process::{Program, Server};
use testkit::world::Engine;

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

    /// The same of a system in our own process.
    pub(super) fn of_a_world(self) -> Engine {
        match self {
            Self::Embedded => Engine::Embedded,
            Self::Real => Engine::Real,
        }
    }

    /// What they are called in a report.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Embedded => "on SQLite",
            Self::Real => "on MongoDB and NATS",
        }
    }
}

impl Product {
    /// Running and ready, without limits of what one account may do.
    pub(super) async fn launch(executable: &Path) -> Result<Self> {
        Self::launch_unlimited(executable, Engines::Embedded).await
    }

    /// Likewise on these engines.
    pub(super) async fn launch_unlimited(executable: &Path, engines: Engines) -> Result<Self> {
        Self::launch_on(engines, Program::new(executable).env("LIMITS", "off")).await
    }

    /// Running and ready, behind a proxy that tells where a request comes from; users and addresses are limited as they
    /// are by default.
    pub(super) async fn launch_limited(executable: &Path, engines: Engines) -> Result<Self> {
        Self::launch_on(engines, Program::new(executable).env("TRUSTED_PROXIES", "1")).await
    }

    /// Running and ready, behind a proxy that tells where a request comes from.
    pub(super) async fn launch_behind_a_proxy(executable: &Path) -> Result<Self> {
        let program = Program::new(executable).env("LIMITS", "off").env("TRUSTED_PROXIES", "1");
        Self::launch_on(Engines::Embedded, program).await
    }

    /// Running and ready, with a limit of open files.
    pub(super) async fn launch_with_files(executable: &Path, files: u32) -> Result<Self> {
        let script = format!("ulimit -n {files} && exec \"$0\"");
        let program = Program::new("/bin/sh").arg("-c").arg(script).arg(executable);
        Self::launch_on(Engines::Embedded, program.env("LIMITS", "off")).await
    }

    async fn launch_on(engines: Engines, program: Program) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = program.env("RESERVATION_WINDOW", RESERVATION);
        let program = match engines {
            Engines::Embedded => program.env("DATA_DIR", data.path()),
            Engines::Real => {
                let namespace = format!("hostile{:016x}", rand::random::<u64>());
                let program = program.env("MONGODB_URI", mongodb_uri().await).env("NATS_URL", nats_url().await);
                program.env("NAMESPACE", namespace)
            }
        };
        Ok(Self { server: Server::launch(program).await, data })
    }

    /// Where it keeps everything, embedded.
    pub(super) fn data(&self) -> &Path {
        self.data.path()
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
