//! The stores and buses under test.

mod bus;
mod plain_sqlite;
mod servers;
mod store;

use std::collections::HashSet;
use std::path::Path;

use anyhow::Result;
use async_trait::async_trait;

use super::disk::Barriers;
use bus::BusUnderTest;
use plain_sqlite::PlainSqlite;
use servers::{Mongo, Nats};
use store::StoreUnderTest;
use testkit::engines::{Mongod, NatsServer};

/// A store or bus as in production, or a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    OneDatabase,
    Sqlite,
    Mongo,
    LocalBus,
    JetStream,
    JetStreamAsItComes,
    SqliteUnsynced,
    UnflushedDisk,
}

/// All subjects, the controls last.
pub(super) const ALL: &[Subject] = &[
    Subject::OneDatabase,
    Subject::Sqlite,
    Subject::Mongo,
    Subject::LocalBus,
    Subject::JetStream,
    Subject::JetStreamAsItComes,
    Subject::SqliteUnsynced,
    Subject::UnflushedDisk,
];

/// One write. Each writer counts its own from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Write {
    pub(super) writer: u32,
    pub(super) number: u32,
}

/// The operations of a subject.
#[async_trait]
pub(super) trait Running: Send + Sync {
    /// Returns when the write is acknowledged.
    async fn write(&self, write: Write) -> Result<()>;

    /// Stops without a shutdown. Its files are closed soon.
    fn power_off(&mut self);

    /// Starts again on the surviving data.
    async fn power_on(&mut self) -> Result<()>;

    /// The complete writes that are present.
    async fn found(&self) -> Result<HashSet<Write>>;
}

impl Subject {
    /// Its name in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneDatabase => "store and local bus in one SQLite database",
            Self::Sqlite => "SQLite store, its bus elsewhere",
            Self::Mongo => "MongoDB store",
            Self::LocalBus => "local bus",
            Self::JetStream => "JetStream bus, sync_interval: always",
            Self::JetStreamAsItComes => "control: JetStream bus, nats-server's default sync interval",
            Self::SqliteUnsynced => "control: SQLite with synchronous=OFF",
            Self::UnflushedDisk => "control: SQLite store, disk cache never flushed (ext4 nobarrier)",
        }
    }

    /// Whether it is a control, which must lose data.
    pub(super) fn must_lose(self) -> bool {
        match self {
            Self::OneDatabase | Self::Sqlite | Self::Mongo | Self::LocalBus | Self::JetStream => false,
            Self::JetStreamAsItComes | Self::SqliteUnsynced | Self::UnflushedDisk => true,
        }
    }

    /// How the file system below it treats the write cache.
    pub(super) fn barriers(self) -> Barriers {
        if self == Self::UnflushedDisk { Barriers::Ignored } else { Barriers::Kept }
    }

    /// Starts it on an empty disk.
    pub(super) async fn start(self, files: &Path) -> Result<Box<dyn Running>> {
        Ok(match self {
            Self::OneDatabase => Box::new(StoreUnderTest::with_bus(files).await?),
            Self::Sqlite | Self::UnflushedDisk => Box::new(StoreUnderTest::sqlite(files).await?),
            Self::Mongo => {
                let home = files.join("mongodb");
                Box::new(Mongo::on(Mongod::launch(&home).await).await?)
            }
            Self::LocalBus => Box::new(BusUnderTest::local(files).await?),
            Self::JetStream => {
                let home = files.join("nats");
                Box::new(Nats::on(NatsServer::launch(&home).await, home).await?)
            }
            Self::JetStreamAsItComes => {
                let home = files.join("nats");
                Box::new(Nats::on(NatsServer::launch_unsynced(&home).await, home).await?)
            }
            Self::SqliteUnsynced => Box::new(PlainSqlite::open(files)?),
        })
    }
}
