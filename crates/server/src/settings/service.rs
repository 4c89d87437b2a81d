use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::limits::LimitFlags;
use super::process::ProcessSettings;
use super::reads::ReadFlags;
use super::services::SessionSettings;
use crate::services::ServiceName;

/// The settings of a process that runs one service.
#[derive(Debug, Clone, clap::Args)]
pub struct ServiceSettings {
    /// Where to answer
    #[arg(long, env = "LISTEN_ADDR", value_parser = super::listen_address, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// The MongoDB replica set
    #[arg(long, env = "MONGODB_URI", hide_env_values = true, value_name = "URI")]
    pub mongodb_uri: String,

    /// The NATS server, with JetStream
    #[arg(long, env = "NATS_URL", hide_env_values = true, value_name = "URL")]
    pub nats_url: String,

    /// On how many servers of the NATS cluster each stream is kept
    #[arg(long, env = "NATS_REPLICAS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5), value_name = "COUNT")]
    pub nats_replicas: u8,

    /// Prefix of databases and streams, so that several systems can share servers
    #[arg(long, env = "NAMESPACE", value_parser = super::engines::namespace, value_name = "WORD")]
    pub namespace: Option<String>,

    /// Where auth publishes the keys that sessions are verified with
    #[arg(long, env = "AUTH_KEYS_URL", default_value = "http://127.0.0.1:3001/api/users/keys", value_parser = super::services::web_address, value_name = "URL")]
    pub auth_keys_url: String,

    /// Where the orders service answers, which decides who has a ticket
    #[arg(long, env = "ORDERS_URL", default_value = "http://127.0.0.1:3003", value_parser = super::services::web_address, value_name = "URL")]
    pub orders_url: String,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub sessions: SessionSettings,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub limits: LimitFlags,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub reads: ReadFlags,

    #[allow(missing_docs)]
    #[command(flatten)]
    pub process: ProcessSettings,
}

impl ServiceSettings {
    /// Where the service `name` listens.
    pub fn listen_address(&self, name: ServiceName) -> SocketAddr {
        self.listen.unwrap_or_else(|| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), name.default_port()))
    }
}
