//! The adapters behind the ports: stores and buses, each a cargo feature.

#[cfg(feature = "jetstream")]
pub mod jetstream;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "mongo")]
pub mod mongo;
#[cfg(any(feature = "local", feature = "sqlite"))]
mod private_file;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(any(feature = "jetstream", feature = "local"))]
mod superseded;
