use std::fmt;
use std::sync::Arc;

use adapters::jetstream::JetStreamBus;
use adapters::local::LocalBus;
use anyhow::Result;
use ports::bus::Bus;
use server::engines::StoreConfig;
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer};

/// Which bus the poison is published on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The local bus and SQLite, in files.
    Local,
    /// JetStream and MongoDB.
    JetStream,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Local => "local bus",
            Self::JetStream => "JetStream",
        })
    }
}

/// What is kept when the system is restarted.
pub(super) enum Engines {
    Files(TempDir),
    Servers { mongod: Box<Mongod>, nats: Box<NatsServer> },
}

impl Engines {
    pub(super) async fn start(kind: Kind) -> Result<Self> {
        Ok(match kind {
            Kind::Local => Self::Files(TempDir::new()?),
            Kind::JetStream => Self::Servers {
                mongod: Box::new(Mongod::launch_temporary().await),
                nats: Box::new(NatsServer::launch_temporary().await),
            },
        })
    }

    pub(super) async fn bus(&self) -> Result<Arc<dyn Bus>> {
        Ok(match self {
            Self::Files(directory) => Arc::new(LocalBus::open(&directory.path().join("bus.db"))?),
            Self::Servers { nats, .. } => Arc::new(JetStreamBus::connect(&nats.url(), None).await?),
        })
    }

    pub(super) fn stores(&self) -> StoreConfig {
        match self {
            Self::Files(directory) => StoreConfig::Directory(directory.path().to_owned()),
            Self::Servers { mongod, .. } => StoreConfig::Mongo { uri: mongod.uri(), namespace: None },
        }
    }

    /// The URL for clients that bypass our adapter.
    pub(super) fn nats_url(&self) -> Option<String> {
        match self {
            Self::Files(_) => None,
            Self::Servers { nats, .. } => Some(nats.url()),
        }
    }
}
