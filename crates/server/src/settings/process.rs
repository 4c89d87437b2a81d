use std::time::Duration;

use super::descriptors;

/// How the process behaves, whatever it serves.
#[derive(Debug, Clone, clap::Args)]
pub struct ProcessSettings {
    /// What to log: a level, or directives such as `info,orders=debug`
    #[arg(long, env = "LOG", default_value = "warn,server=info", value_name = "FILTER")]
    pub log: String,

    /// How to log
    #[arg(long, env = "LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Where to send traces: an OpenTelemetry collector that takes OTLP over HTTP
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = super::services::web_address, value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// How long to wait at the start for a database or a bus that does not answer yet
    #[arg(long, env = "STARTUP_TIMEOUT", default_value = "60s", value_parser = super::duration, value_name = "DURATION")]
    pub startup_timeout: Duration,

    /// How many connections may be open at once; one more takes the place of an idle one
    #[arg(long, env = "MAX_CONNECTIONS", default_value = "10000", value_parser = clap::value_parser!(u32).range(1..), value_name = "COUNT")]
    pub max_connections: u32,
}

impl ProcessSettings {
    /// How many connections may be open at once: the number in the settings, if the system allows that
    /// many open files. A quarter of those is left for everything but clients' connections.
    pub fn connections(&self) -> usize {
        let allowed = descriptors::raised_limit() / 4 * 3;
        let connections = u64::from(self.max_connections).min(allowed);
        if connections < self.max_connections.into() {
            tracing::warn!(connections, "fewer connections than wanted: the system allows no more open files");
        }
        usize::try_from(connections).unwrap_or(usize::MAX)
    }
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}
