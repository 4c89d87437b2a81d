use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adapters::database::Database;
use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use ports::store::{ReadLimits, RecordStore};

use super::data_directory;
use super::patience::retry_while_unavailable;
use crate::settings::{EngineSettings, ServiceSettings};

/// Where the services keep their records.
#[derive(Debug, Clone)]
pub enum StoreConfig {
    /// In one SQLite database in this directory.
    Directory(PathBuf),
    /// Only in memory.
    Memory,
    /// One MongoDB database each.
    Mongo {
        /// The replica set.
        uri: String,
        /// Prefix of the databases' names.
        namespace: Option<String>,
    },
}

/// How engines are opened.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// How long to wait for one that is briefly unavailable.
    pub patience: Duration,
    /// What reads of the stores may take.
    pub reads: ReadLimits,
}

impl OpenOptions {
    /// Waits so long; reads may take as much as is usual.
    pub fn waiting(patience: Duration) -> Self {
        Self { patience, reads: ReadLimits::default() }
    }
}

/// What the services' stores are opened from. Cheap to clone.
#[derive(Clone)]
pub enum Stores {
    /// The database that the bus is in, too: commits publish their events.
    Beside(Arc<LocalBus>),
    /// A database without the bus.
    In(Database),
    /// A database for each service.
    Mongo {
        /// The replica set.
        uri: String,
        /// Prefix of the databases' names.
        namespace: Option<String>,
        /// How they are opened.
        options: OpenOptions,
    },
}

impl StoreConfig {
    /// The stores that the settings ask for.
    pub fn from_settings(settings: &EngineSettings) -> Self {
        match &settings.mongodb_uri {
            _ if settings.memory => Self::Memory,
            Some(uri) => Self::Mongo { uri: uri.clone(), namespace: settings.namespace.clone() },
            None => Self::Directory(settings.data.clone()),
        }
    }

    /// The stores of a service in a process of its own.
    pub fn of_service(settings: &ServiceSettings) -> Self {
        Self::Mongo { uri: settings.mongodb_uri.clone(), namespace: settings.namespace.clone() }
    }

    /// The stores, while the bus is elsewhere.
    ///
    /// # Errors
    /// If they cannot be opened; the message says why.
    pub fn open(&self, options: OpenOptions) -> anyhow::Result<Stores> {
        Ok(match self {
            Self::Directory(directory) => Stores::In(data_directory::open(directory, &options.reads)?),
            Self::Memory => Stores::In(Database::in_memory()?),
            Self::Mongo { uri, namespace } => Stores::Mongo { uri: uri.clone(), namespace: namespace.clone(), options },
        })
    }
}

impl Stores {
    /// The store of this service. There may be one of each.
    ///
    /// # Errors
    /// What was wrong when patience ran out.
    pub async fn of(&self, service: &'static str) -> anyhow::Result<Arc<dyn RecordStore>> {
        match self {
            Self::Beside(bus) => Ok(Arc::new(bus.store(service))),
            Self::In(database) => Ok(Arc::new(SqliteStore::on(database, service))),
            Self::Mongo { uri, namespace, options } => {
                let database =
                    namespace.as_ref().map_or(service.to_owned(), |namespace| format!("{namespace}_{service}"));
                retry_while_unavailable(options.patience, |patience| {
                    open_mongo(uri, &database, OpenOptions { patience, ..*options })
                })
                .await
            }
        }
    }
}

#[cfg(feature = "cluster")]
async fn open_mongo(uri: &str, database: &str, options: OpenOptions) -> anyhow::Result<Arc<dyn RecordStore>> {
    use adapters::mongo::MongoStore;
    use anyhow::Context;
    MongoStore::check_uri(uri).map_err(anyhow::Error::msg).context("--mongodb-uri is wrong")?;
    let store = MongoStore::connect(uri, database, options.patience).await.context("cannot use MongoDB")?;
    Ok(Arc::new(store.limited(options.reads)))
}

#[cfg(not(feature = "cluster"))]
async fn open_mongo(_: &str, _: &str, _: OpenOptions) -> anyhow::Result<Arc<dyn RecordStore>> {
    anyhow::bail!("--mongodb-uri: {}", super::NOT_BUILT_IN)
}
