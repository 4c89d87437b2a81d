//! The engines behind the ports, chosen by settings.
//!
//! MongoDB and NATS are only in a program that was built with the feature `cluster`: trying the market
//! on a laptop does not require compiling them.

mod bus;
mod data_directory;
mod patience;
mod stores;

pub use bus::{BusConfig, open_bus};
pub use data_directory::{has_data, make as make_private};
pub use stores::{OpenOptions, StoreConfig, Stores};

use std::sync::Arc;

use adapters::database::Database;
use ports::bus::Bus;

/// The opened engines of a process.
pub struct Engines {
    /// The bus.
    pub bus: Arc<dyn Bus>,
    /// The stores.
    pub stores: Stores,
}

impl Engines {
    /// Opens the engines. Stores and bus that are both in a directory, or both in memory, share one database.
    ///
    /// # Errors
    /// What was wrong when patience ran out.
    pub async fn open(stores: &StoreConfig, bus: &BusConfig, options: OpenOptions) -> anyhow::Result<Self> {
        let shared = match (stores, bus) {
            (StoreConfig::Directory(directory), BusConfig::Directory(_)) => {
                data_directory::open(directory, &options.reads)?
            }
            (StoreConfig::Memory, BusConfig::Memory) => Database::in_memory()?,
            _ => return Ok(Self { bus: open_bus(bus, options.patience).await?, stores: stores.open(options)? }),
        };
        let bus = Arc::new(bus::on(&shared)?);
        Ok(Self { stores: Stores::Beside(bus.clone()), bus })
    }
}

/// The error about an engine that this program was built without.
#[cfg(not(feature = "cluster"))]
const NOT_BUILT_IN: &str = "this program was built without MongoDB and NATS; with them it is built by \
                            `cargo build --release --features cluster`";
