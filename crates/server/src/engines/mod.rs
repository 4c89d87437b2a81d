//! The engines behind the ports, chosen by settings.
//!
//! MongoDB and NATS are only in a program that was built with the feature `cluster`: trying the market
//! on a laptop does not require compiling them.

mod bus;
mod data_directory;
mod patience;
mod stores;

pub use bus::{BusConfig, open_bus};
pub use stores::{StoreConfig, open_store};

/// The error about an engine that this program was built without.
#[cfg(not(feature = "cluster"))]
const NOT_BUILT_IN: &str = "this program was built without MongoDB and NATS; with them it is built by \
                            `cargo build --release --features cluster`";
