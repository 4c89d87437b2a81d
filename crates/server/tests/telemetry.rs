//! The telemetry of the processes: traces, metrics, logs.

#[path = "telemetry/audit.rs"]
mod audit;
#[path = "telemetry/collector.rs"]
mod collector;
#[path = "telemetry/logs.rs"]
mod logs;
#[path = "telemetry/metrics.rs"]
mod metrics;
#[path = "telemetry/processes.rs"]
mod processes;
mod program;
#[path = "telemetry/purchase.rs"]
mod purchase;
#[path = "telemetry/traces.rs"]
mod traces;
#[path = "telemetry/tree.rs"]
mod tree;
