use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use adapters::sqlite::SqliteStore;
use anyhow::Context;
use ports::store::RecordStore;

use super::data_directory;
use super::patience::retry_while_unavailable;
use crate::settings::{EngineSettings, ServiceSettings};

/// Where the services keep their records.
#[derive(Debug, Clone)]
pub enum StoreConfig {
    /// One SQLite file each.
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

    async fn open(&self, service: &str, patience: Duration) -> anyhow::Result<Arc<dyn RecordStore>> {
        match self {
            Self::Directory(directory) => {
                data_directory::make(directory)?;
                let file = directory.join(format!("{service}.db"));
                Ok(Arc::new(SqliteStore::open(&file).with_context(|| format!("cannot open {}", file.display()))?))
            }
            Self::Memory => Ok(Arc::new(SqliteStore::in_memory()?)),
            Self::Mongo { uri, namespace } => {
                let database =
                    namespace.as_ref().map_or(service.to_owned(), |namespace| format!("{namespace}_{service}"));
                open_mongo(uri, &database, patience).await
            }
        }
    }
}

/// Opens the database of one service, waiting up to `patience` for one that is briefly unavailable.
///
/// # Errors
/// What was wrong when patience ran out.
pub async fn open_store(
    config: &StoreConfig,
    service: &str,
    patience: Duration,
) -> anyhow::Result<Arc<dyn RecordStore>> {
    let patience = if matches!(config, StoreConfig::Mongo { .. }) { patience } else { Duration::ZERO };
    retry_while_unavailable(patience, |rest| config.open(service, rest)).await
}

#[cfg(feature = "cluster")]
async fn open_mongo(uri: &str, database: &str, patience: Duration) -> anyhow::Result<Arc<dyn RecordStore>> {
    use adapters::mongo::MongoStore;
    MongoStore::check_uri(uri).map_err(anyhow::Error::msg).context("--mongodb-uri is wrong")?;
    Ok(Arc::new(MongoStore::connect(uri, database, patience).await.context("cannot use MongoDB")?))
}

#[cfg(not(feature = "cluster"))]
async fn open_mongo(_: &str, _: &str, _: Duration) -> anyhow::Result<Arc<dyn RecordStore>> {
    anyhow::bail!("--mongodb-uri: {}", super::NOT_BUILT_IN)
}
