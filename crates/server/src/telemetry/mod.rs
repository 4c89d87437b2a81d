//! Logs, metrics and traces.

#[cfg(feature = "cluster")]
mod collector;
#[cfg(feature = "cluster")]
mod spans;
#[cfg(not(feature = "cluster"))]
#[path = "no_spans.rs"]
mod spans;

use std::io::IsTerminal;

use runtime::audit::TARGET;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

use crate::settings::{LogFormat, ProcessSettings};
use spans::Spans;

/// The telemetry of the process.
pub struct Telemetry {
    spans: Option<Spans>,
}

/// Begins to log as the settings say, to record metrics, and to export the spans of the process's
/// `services` if there is a collector.
///
/// # Errors
/// If spans cannot be exported at all.
pub fn init(settings: &ProcessSettings, services: &[&'static str]) -> anyhow::Result<Telemetry> {
    // Who turns down the log still wants to know of attacks, unless they say otherwise.
    let (filter, names_audit) = (settings.log.clone(), settings.log.iter().any(|(target, _)| target == TARGET));
    let filter = if names_audit { filter } else { filter.with_target(TARGET, LevelFilter::INFO) };
    // Colours are for terminals, not for files.
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(is_terminal);
    let lines = match settings.log_format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
    runtime::metrics_recorder();
    let spans = settings.otlp_endpoint.as_ref().map(|endpoint| Spans::export(endpoint, services)).transpose()?;
    Ok(Telemetry { spans })
}

/// Begins to log what operators do by commands, which have no settings for their log.
pub fn init_audit() {
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    let filter = Targets::new().with_target(TARGET, LevelFilter::INFO);
    tracing_subscriber::registry().with(lines.with_filter(filter)).init();
}

impl Telemetry {
    /// Exports the spans that have not been exported yet, at the end of the process.
    pub async fn flush(self) {
        if let Some(spans) = self.spans {
            spans.flush().await;
        }
    }
}
