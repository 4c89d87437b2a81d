//! The engines behind the ports, chosen by settings.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use adapters::jetstream::JetStreamBus;
use adapters::local::LocalBus;
use adapters::mongo::MongoStore;
use adapters::sqlite::SqliteStore;
use anyhow::Context;
use ports::bus::Bus;
use ports::store::RecordStore;

use crate::settings::EngineSettings;

/// The least that an engine is given to answer, also when there is no patience at all.
const ONE_ANSWER: Duration = Duration::from_secs(1);

/// Where the services keep their records.
#[derive(Debug, Clone)]
pub enum Stores {
    /// One SQLite file each.
    Directory(PathBuf),
    /// Nowhere.
    Memory,
    /// One MongoDB database each.
    Mongo {
        /// The replica set.
        uri: String,
        /// Prefix of the databases' names.
        namespace: Option<String>,
    },
}

/// How the services exchange events.
#[derive(Debug, Clone)]
pub enum Bussing {
    /// Through a log in this directory.
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

impl Stores {
    /// The stores that the settings ask for.
    pub fn from_settings(settings: &EngineSettings) -> Self {
        match &settings.mongodb_uri {
            _ if settings.memory => Self::Memory,
            Some(uri) => Self::Mongo { uri: uri.clone(), namespace: settings.namespace.clone() },
            None => Self::Directory(settings.data.clone()),
        }
    }

    /// Opens the database of one service, waiting up to `patience` for its answer.
    ///
    /// # Errors
    /// If that cannot be done; the message says why.
    pub async fn open(&self, service: &str, patience: Duration) -> anyhow::Result<Arc<dyn RecordStore>> {
        match self {
            Self::Directory(directory) => {
                make_directory(directory)?;
                let file = directory.join(format!("{service}.db"));
                Ok(Arc::new(SqliteStore::open(&file).with_context(|| format!("cannot open {}", file.display()))?))
            }
            Self::Memory => Ok(Arc::new(SqliteStore::in_memory()?)),
            Self::Mongo { uri, namespace } => {
                MongoStore::check_uri(uri).map_err(anyhow::Error::msg).context("--mongodb-uri is wrong")?;
                let database =
                    namespace.as_ref().map_or(service.to_owned(), |namespace| format!("{namespace}_{service}"));
                let store = MongoStore::connect(uri, &database, patience).await.context("cannot use MongoDB")?;
                Ok(Arc::new(store))
            }
        }
    }
}

impl Bussing {
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

    /// Opens the bus.
    ///
    /// # Errors
    /// If that cannot be done; the message says why.
    pub async fn open(&self) -> anyhow::Result<Arc<dyn Bus>> {
        match self {
            Self::Directory(directory) => {
                make_directory(directory)?;
                let file = directory.join("bus.db");
                Ok(Arc::new(LocalBus::open(&file).with_context(|| format!("cannot open {}", file.display()))?))
            }
            Self::Memory => Ok(Arc::new(LocalBus::in_memory()?)),
            Self::Nats { url, namespace, replicas } => {
                JetStreamBus::check_url(url).map_err(anyhow::Error::msg).context("--nats-url is wrong")?;
                let bus = JetStreamBus::connect_replicated(url, namespace.as_deref(), *replicas).await;
                Ok(Arc::new(bus.context("cannot use NATS")?))
            }
        }
    }

    /// Whether it can be away for a while and come back.
    fn is_remote(&self) -> bool {
        matches!(self, Self::Nats { .. })
    }
}

fn make_directory(directory: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)
        .with_context(|| format!("cannot create the data directory {}", directory.display()))
}

/// Opens a bus, waiting up to `patience` for one that is briefly away.
///
/// # Errors
/// What was wrong when patience ran out.
pub async fn open_bus(bussing: &Bussing, patience: Duration) -> anyhow::Result<Arc<dyn Bus>> {
    let patience = if bussing.is_remote() { patience } else { Duration::ZERO };
    patiently(patience, |_| bussing.open()).await
}

/// Opens a store, waiting up to `patience` for one that is briefly away.
///
/// # Errors
/// What was wrong when patience ran out.
pub async fn open_store(stores: &Stores, service: &str, patience: Duration) -> anyhow::Result<Arc<dyn RecordStore>> {
    let patience = if matches!(stores, Stores::Mongo { .. }) { patience } else { Duration::ZERO };
    patiently(patience, |rest| stores.open(service, rest)).await
}

/// Tries again with growing pauses while the engine is unavailable; what is wrong for good is
/// told at once. `open` is given what is left of the patience, but time enough for one answer.
async fn patiently<T, Fut: Future<Output = anyhow::Result<T>>>(
    patience: Duration,
    open: impl Fn(Duration) -> Fut,
) -> anyhow::Result<T> {
    let deadline = tokio::time::Instant::now() + patience;
    let mut pause = Duration::from_millis(100);
    loop {
        let rest = deadline.saturating_duration_since(tokio::time::Instant::now()).max(ONE_ANSWER);
        match open(rest).await {
            Err(error) if is_passing(&error) && tokio::time::Instant::now() + pause < deadline => {
                tracing::warn!("{error:#}; trying again");
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
            }
            done => return done,
        }
    }
}

fn is_passing(error: &anyhow::Error) -> bool {
    use ports::bus::BusError;
    use ports::store::StoreError;
    matches!(error.downcast_ref(), Some(StoreError::Unavailable(_)))
        || matches!(error.downcast_ref(), Some(BusError::Unavailable(_)))
}
