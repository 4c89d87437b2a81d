//! The engines behind the ports, chosen by settings.
//!
//! MongoDB and NATS are only in a program that was built with the feature `cluster`: trying the market
//! on a laptop does not require compiling them.

mod bus;
mod patience;
mod stores;

pub use bus::{BusConfig, open_bus};
pub use stores::{StoreConfig, open_store};

use std::path::Path;

use anyhow::Context;

/// The error about an engine that this program was built without.
#[cfg(not(feature = "cluster"))]
const NOT_BUILT_IN: &str = "this program was built without MongoDB and NATS; with them it is built by \
                            `cargo build --release --features cluster`";

fn make_directory(directory: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the data directory {}", directory.display()))
}
