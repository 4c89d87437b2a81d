use std::path::PathBuf;

/// What keeps the data of `ticketing`.
#[derive(Debug, Clone, clap::Args)]
pub struct EngineSettings {
    /// The directory everything is kept in, unless a database and a bus are given
    #[arg(long, env = "DATA_DIR", default_value = "data", value_name = "DIR")]
    pub data: PathBuf,

    /// Keep nothing: all data is gone when the process ends
    #[arg(long, env = "MEMORY", conflicts_with_all = ["mongodb_uri", "nats_url"])]
    pub memory: bool,

    /// Keep records in this MongoDB replica set instead of the data directory
    #[arg(long, env = "MONGODB_URI", hide_env_values = true, value_name = "URI")]
    pub mongodb_uri: Option<String>,

    /// Exchange events over this NATS server with JetStream instead of the data directory
    #[arg(long, env = "NATS_URL", hide_env_values = true, value_name = "URL")]
    pub nats_url: Option<String>,

    /// On how many servers of the NATS cluster each stream is kept
    #[arg(long, env = "NATS_REPLICAS", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=5), value_name = "COUNT")]
    pub nats_replicas: u8,

    /// Prefix of databases and streams, so that several systems can share servers
    #[arg(long, env = "NAMESPACE", value_parser = namespace, value_name = "WORD")]
    pub namespace: Option<String>,
}

/// Reads a namespace: a word that databases, streams and subjects may begin with.
///
/// # Errors
/// If it has other characters, or too many.
pub(super) fn namespace(text: &str) -> Result<String, String> {
    let is_word = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if is_word && (1..=32).contains(&text.len()) {
        Ok(text.to_owned())
    } else {
        Err("a namespace is 1 to 32 lower-case letters and digits".to_owned())
    }
}
