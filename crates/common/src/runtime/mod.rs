//! What runs a service: its dependencies, its background work, its HTTP server, its end.

mod deps;
mod health;
mod host;
mod serve;
mod service;

pub use deps::{Deps, Platform};
pub use health::{Readiness, metrics_recorder, probes};
pub use host::{Host, HostError};
pub use serve::serve;
pub use service::{BackgroundTask, Service};
