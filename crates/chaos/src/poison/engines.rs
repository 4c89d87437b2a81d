use std::fmt;
use std::time::Duration;

use anyhow::Result;
use server::engines::{BusConfig, Engines as Opened, OpenOptions, StoreConfig};
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer};

/// How long opening them may take.
const PATIENCE: Duration = Duration::from_secs(60);

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

    pub(super) async fn open(&self) -> Result<Opened> {
        let (stores, bus) = match self {
            Self::Files(directory) => {
                let directory = directory.path().to_owned();
                (StoreConfig::Directory(directory.clone()), BusConfig::Directory(directory))
            }
            Self::Servers { mongod, nats } => (
                StoreConfig::Mongo { uri: mongod.uri(), namespace: None },
                BusConfig::Nats { url: nats.url(), namespace: None, replicas: 1 },
            ),
        };
        Opened::open(&stores, &bus, OpenOptions::waiting(PATIENCE)).await
    }

    /// The URL for clients that bypass our adapter.
    pub(super) fn nats_url(&self) -> Option<String> {
        match self {
            Self::Files(_) => None,
            Self::Servers { nats, .. } => Some(nats.url()),
        }
    }
}
