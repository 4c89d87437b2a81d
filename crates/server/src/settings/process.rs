use std::time::Duration;

/// How the process behaves, whatever it serves.
#[derive(Debug, Clone, clap::Args)]
pub struct ProcessSettings {
    /// What to log: a level, or directives such as `info,orders=debug`
    #[arg(long, env = "LOG", default_value = "warn,stripe=error,server=info", value_name = "FILTER")]
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
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines, one object a line.
    Json,
}
