use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use tracing_subscriber::filter::Targets;

use super::descriptors;

/// How the process behaves, whatever it serves.
#[derive(Debug, Clone, clap::Args)]
pub struct ProcessSettings {
    /// What to log: a level, or directives such as `info,orders=debug`
    #[arg(long, env = "LOG", default_value = "warn,server=info", value_parser = log_filter, value_name = "FILTER")]
    pub log: Targets,

    /// How to log
    #[arg(long, env = "LOG_FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Where to send traces: an OpenTelemetry collector that takes OTLP over HTTP
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_parser = super::services::web_address, value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// How long to wait at the start for a database or a bus that does not answer yet
    #[arg(long, env = "STARTUP_TIMEOUT", default_value = "60s", value_parser = super::duration, value_name = "DURATION")]
    pub startup_timeout: Duration,

    /// Where to answer operators: metrics, probes with reasons, dead letters [default: this machine alone, 100 ports
    /// above `--listen`]
    #[arg(long, env = "OPERATOR_LISTEN", value_parser = super::listen_address, value_name = "ADDRESS")]
    pub operator_listen: Option<SocketAddr>,

    /// How many connections may be open at once; one more takes the place of an idle one
    #[arg(long, env = "MAX_CONNECTIONS", default_value = "10000", value_parser = clap::value_parser!(u32).range(1..), value_name = "COUNT")]
    pub max_connections: u32,
}

/// Between the port for visitors and the one for operators, if nobody says otherwise: 3000 and 3100.
const OPERATOR_PORT_OFFSET: u16 = 100;

impl ProcessSettings {
    /// Where operators are answered: by default on this machine only, whoever may reach `visitors`. Any free port,
    /// if visitors are answered on any.
    pub fn operator_address(&self, visitors: SocketAddr) -> SocketAddr {
        let port = match visitors.port() {
            0 => 0,
            port => port.checked_add(OPERATOR_PORT_OFFSET).unwrap_or(port - OPERATOR_PORT_OFFSET),
        };
        self.operator_listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port))
    }

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

/// Reads what is to be logged. What it comes from is a path in the code, which the library does not check.
fn log_filter(text: &str) -> Result<Targets, String> {
    let is_of_path = |character: char| character.is_ascii_alphanumeric() || "_:-.".contains(character);
    match text.parse::<Targets>() {
        Ok(filter) if filter.iter().all(|(target, _)| target.chars().all(is_of_path)) => Ok(filter),
        Ok(_) | Err(_) => Err("expected a level, or directives such as info,orders=debug".to_owned()),
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        process: ProcessSettings,
    }

    fn operators(arguments: &[&str], visitors: &str) -> String {
        let cli = Cli::parse_from(["program"].iter().chain(arguments));
        cli.process.operator_address(visitors.parse().expect("an address")).to_string()
    }

    #[test]
    fn operators_are_answered_on_this_machine_a_hundred_ports_further() {
        assert_eq!(operators(&[], "0.0.0.0:3000"), "127.0.0.1:3100");
        assert_eq!(operators(&[], "[::]:3002"), "127.0.0.1:3102");
        assert_eq!(operators(&[], "127.0.0.1:0"), "127.0.0.1:0");
        assert_eq!(operators(&[], "127.0.0.1:65500"), "127.0.0.1:65400");
        assert_eq!(operators(&["--operator-listen", "0.0.0.0:9"], "127.0.0.1:3000"), "0.0.0.0:9");
    }
}
