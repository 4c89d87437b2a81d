use std::path::{Path, PathBuf};

use anyhow::Result;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::{Program, Server};

use crate::cargo::{self, Build};

/// Long enough that no order expires during an attack.
const RESERVATION: &str = "2h";

/// The whole marketplace as one process with its own data.
pub(super) struct Product {
    pub(super) server: Server,
    _data: tempfile::TempDir,
}

/// MongoDB and NATS, for one product alone.
pub(super) struct Engines {
    mongod: Mongod,
    nats: NatsServer,
}

impl Engines {
    /// Running, with their data in this directory.
    pub(super) async fn launch(data: &Path) -> Self {
        let (mongo, nats) = (data.join("mongo"), data.join("nats"));
        let (mongod, nats) = tokio::join!(Mongod::launch(&mongo), NatsServer::launch(&nats));
        Self { mongod, nats }
    }
}

impl Product {
    /// Running and ready.
    pub(super) async fn launch(executable: &Path) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = Program::new(executable).env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION);
        let program = program.env("LIMITS", "off");
        Ok(Self { server: Server::launch(program).await, _data: data })
    }

    /// Running and ready, and users are limited as they are by default. All of an experiment comes from one address.
    pub(super) async fn launch_limited(executable: &Path, engines: Option<&Engines>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let program = Program::new(executable).env("LIMIT_ADDRESS", "off").env("RESERVATION_WINDOW", RESERVATION);
        let program = match engines {
            None => program.env("DATA_DIR", data.path()),
            Some(Engines { mongod, nats }) => program.env("MONGODB_URI", mongod.uri()).env("NATS_URL", nats.url()),
        };
        Ok(Self { server: Server::launch(program).await, _data: data })
    }

    /// Running and ready, with a limit of open files.
    pub(super) async fn launch_with_files(executable: &Path, files: u32) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let script = format!("ulimit -n {files} && exec \"$0\"");
        let program = Program::new("/bin/sh").arg("-c").arg(script).arg(executable);
        let program = program.env("DATA_DIR", data.path()).env("RESERVATION_WINDOW", RESERVATION).env("LIMITS", "off");
        Ok(Self { server: Server::launch(program).await, _data: data })
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
