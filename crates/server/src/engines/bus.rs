use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adapters::database::Database;
use adapters::local::LocalBus;
use ports::bus::Bus;
use ports::clock::Clock;
use ports::store::ReadLimits;

use super::data_directory;
use super::patience::retry_while_unavailable;
use crate::settings::{EngineSettings, ServiceSettings};

/// How the services exchange events.
#[derive(Debug, Clone)]
pub enum BusConfig {
    /// Through a log in the SQLite database in this directory.
    Directory(PathBuf),
    /// Through memory.
    Memory,
    /// Over NATS JetStream.
    Nats {
        /// The server.
        url: String,
        /// Prefix of streams and subjects.
        namespace: Option<String>,
        /// How many servers of a cluster keep each stream.
        replicas: usize,
    },
}

impl BusConfig {
    /// The bus that the settings ask for.
    pub fn from_settings(settings: &EngineSettings) -> Self {
        match &settings.nats_url {
            _ if settings.memory => Self::Memory,
            Some(url) => Self::Nats {
                url: url.clone(),
                namespace: settings.namespace.clone(),
                replicas: settings.nats_replicas.into(),
            },
            None => Self::Directory(settings.data.clone()),
        }
    }

    /// The bus of a service in a process of its own.
    pub fn of_service(settings: &ServiceSettings) -> Self {
        Self::Nats {
            url: settings.nats_url.clone(),
            namespace: settings.namespace.clone(),
            replicas: settings.nats_replicas.into(),
        }
    }

    /// Opens the bus.
    ///
    /// # Errors
    /// If it cannot be opened; the message says why.
    pub async fn open(&self) -> anyhow::Result<Arc<dyn Bus>> {
        match self {
            Self::Directory(directory) => Ok(Arc::new(on(&data_directory::open(directory, &ReadLimits::default())?)?)),
            Self::Memory => Ok(Arc::new(LocalBus::in_memory()?)),
            Self::Nats { url, namespace, replicas } => open_nats(url, namespace.as_deref(), *replicas).await,
        }
    }

    /// Whether it can be unavailable for a while and come back.
    fn is_remote(&self) -> bool {
        matches!(self, Self::Nats { .. })
    }
}

/// Opens a bus, waiting up to `patience` for one that is briefly unavailable.
///
/// # Errors
/// What was wrong when patience ran out.
pub async fn open_bus(config: &BusConfig, patience: Duration) -> anyhow::Result<Arc<dyn Bus>> {
    let patience = if config.is_remote() { patience } else { Duration::ZERO };
    retry_while_unavailable(patience, |_| config.open()).await
}

/// The bus in this database.
pub(super) fn on(database: &Database) -> anyhow::Result<LocalBus> {
    Ok(LocalBus::on(database, Clock::system())?)
}

#[cfg(feature = "cluster")]
async fn open_nats(url: &str, namespace: Option<&str>, replicas: usize) -> anyhow::Result<Arc<dyn Bus>> {
    use adapters::jetstream::JetStreamBus;
    use anyhow::Context;
    JetStreamBus::check_url(url).map_err(anyhow::Error::msg).context("--nats-url is wrong")?;
    let bus = JetStreamBus::connect_replicated(url, namespace, replicas).await;
    Ok(Arc::new(bus.context("cannot use NATS")?))
}

#[cfg(not(feature = "cluster"))]
async fn open_nats(_: &str, _: Option<&str>, _: usize) -> anyhow::Result<Arc<dyn Bus>> {
    anyhow::bail!("--nats-url: {}", super::NOT_BUILT_IN)
}
