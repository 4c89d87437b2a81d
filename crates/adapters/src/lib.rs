//! The adapters behind the ports: stores and buses, each a cargo feature.

#[cfg(feature = "jetstream")]
pub mod jetstream;
#[cfg(feature = "local")]
pub mod local;
#[cfg(feature = "mongo")]
pub mod mongo;
#[cfg(feature = "sqlite")]
pub mod sqlite;
