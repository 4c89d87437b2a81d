//! What runs a service: its dependencies, its background work, its HTTP server, its end.

mod deps;
mod gauges;
mod health;
mod host;
mod metrics;
mod serve;
mod service;

pub use deps::{Deps, Platform};
pub use health::{Readiness, probes};
pub use host::{Host, HostError};
pub use metrics::metrics_recorder;
pub use serve::{ConnectionLimits, serve};
pub use service::{BackgroundTask, Service};
