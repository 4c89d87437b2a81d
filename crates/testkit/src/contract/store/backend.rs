use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use adapters::database::Database;
use adapters::mongo::MongoStore;
use adapters::sqlite::SqliteStore;
use ports::store::{Collection, RecordStore};
use tempfile::TempDir;

use super::logged::LoggedStore;

/// How long MongoDB may take for its first response.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where one test keeps its records.
pub enum Backend {
    /// SQLite in memory. It cannot be reopened.
    Memory(Arc<SqliteStore>),
    /// SQLite in a file of this directory.
    File(TempDir),
    /// SQLite in memory, in one database with the bus. It cannot be reopened.
    MemoryWithBus(Arc<LoggedStore>),
    /// SQLite in a file of this directory, in one database with the bus.
    FileWithBus(TempDir),
    /// A database of its own in MongoDB.
    Mongo {
        /// The server.
        uri: String,
        /// The database.
        database: String,
    },
}

impl Backend {
    /// SQLite in memory.
    pub fn memory() -> Self {
        Self::Memory(Arc::new(SqliteStore::in_memory().expect("a store in memory opens")))
    }

    /// SQLite in a new file.
    pub fn file() -> Self {
        Self::File(tempfile::tempdir().expect("a temporary directory"))
    }

    /// SQLite in memory, in one database with the bus.
    pub async fn memory_with_bus() -> Self {
        let database = Database::in_memory().expect("a database in memory opens");
        Self::MemoryWithBus(Arc::new(LoggedStore::open(&database).await))
    }

    /// SQLite in a new file, in one database with the bus.
    pub fn file_with_bus() -> Self {
        Self::FileWithBus(tempfile::tempdir().expect("a temporary directory"))
    }

    /// A new database of the MongoDB server at `uri`.
    pub fn mongo(uri: String) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        Self::Mongo { uri, database: format!("store_contract_{}_{count}", std::process::id()) }
    }

    /// The store, as a newly started process sees it. Drop the previous one before.
    pub async fn open(&self) -> Arc<dyn RecordStore> {
        match self {
            Self::Memory(store) => store.clone(),
            Self::File(directory) => {
                Arc::new(SqliteStore::open(&directory.path().join("records.db")).expect("the file opens"))
            }
            Self::MemoryWithBus(store) => store.clone(),
            Self::FileWithBus(directory) => {
                let database = Database::open(&directory.path().join("all.db")).expect("the file opens");
                Arc::new(LoggedStore::open(&database).await)
            }
            Self::Mongo { uri, database } => {
                Arc::new(MongoStore::connect(uri, database, PATIENCE).await.expect("MongoDB answers"))
            }
        }
    }

    /// The store, opened and prepared for these collections.
    pub async fn prepared(&self, collections: &[&'static Collection]) -> Arc<dyn RecordStore> {
        let store = self.open().await;
        store.prepare(collections).await.expect("prepares");
        store
    }

    /// Removes everything.
    pub async fn discard(self) {
        if let Self::Mongo { uri, database } = self {
            let client = mongodb::Client::with_uri_str(uri).await.expect("a MongoDB URI");
            client.database(&database).drop().await.expect("drops the database");
        }
    }
}
