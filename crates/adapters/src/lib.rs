//! The adapters behind the ports: stores and buses. `embedded` is both in one SQLite database; the others are a cargo
//! feature each.

#[cfg(feature = "embedded")]
pub mod database;
#[cfg(feature = "embedded")]
pub mod former;
#[cfg(feature = "jetstream")]
pub mod jetstream;
#[cfg(feature = "embedded")]
pub mod local;
#[cfg(feature = "mongo")]
pub mod mongo;
#[cfg(any(feature = "mongo", feature = "embedded"))]
mod searches;
#[cfg(feature = "embedded")]
pub mod sqlite;
#[cfg(any(feature = "jetstream", feature = "embedded"))]
mod superseded;
