//! What runs a service: its dependencies, its background work, its HTTP server, its shutdown.

pub mod audit;
pub mod crash_point;
mod deps;
pub mod erasure;
mod gauges;
mod health;
mod host;
pub mod http;
pub mod limits;
pub mod listener;
mod measured;
mod metrics;
pub mod outbound;
pub mod outbox;
mod peer_secret;
mod peers;
pub mod regular_file;
mod serve;
mod service;
pub mod session;
pub mod store;
mod timer;
pub mod trace;

pub use deps::{Deps, Platform};
pub use health::{Readiness, operator_probes, probes};
pub use host::{Host, HostError};
pub use metrics::metrics_recorder;
pub use peer_secret::PeerSecret;
pub use peers::{NoAnswer, Peers};
pub use serve::{ConnectionLimits, serve};
pub use service::{BackgroundTask, Service, ServiceDefinition};
pub use timer::Timer;
