use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;

use anyhow::{Result, anyhow};
use async_trait::async_trait;
use futures::FutureExt;
use testkit::engines::{Mongod, NatsServer};

use super::bus::BusUnderTest;
use super::store::StoreUnderTest;
use super::{Running, Write};

/// A store of the product and its `mongod`.
pub(super) struct Mongo {
    server: Mongod,
    store: StoreUnderTest,
}

impl Mongo {
    pub(super) async fn on(server: Mongod) -> Result<Self> {
        let store = StoreUnderTest::mongo(server.uri()).await?;
        Ok(Self { server, store })
    }
}

#[async_trait]
impl Running for Mongo {
    async fn write(&self, write: Write) -> Result<()> {
        self.store.write(write).await
    }

    fn power_off(&mut self) {
        self.store.power_off();
        self.server.kill();
    }

    async fn power_on(&mut self) -> Result<()> {
        started(self.server.restart()).await?;
        self.store.power_on().await
    }

    async fn found(&self) -> Result<HashSet<Write>> {
        self.store.found().await
    }
}

/// A bus of the product and its `nats-server`.
pub(super) struct Nats {
    server: NatsServer,
    home: PathBuf,
    bus: BusUnderTest,
}

impl Nats {
    pub(super) async fn on(server: NatsServer, home: PathBuf) -> Result<Self> {
        let bus = BusUnderTest::jetstream(server.url()).await?;
        Ok(Self { server, home, bus })
    }
}

#[async_trait]
impl Running for Nats {
    async fn write(&self, write: Write) -> Result<()> {
        self.bus.write(write).await
    }

    fn power_off(&mut self) {
        self.bus.power_off();
        self.server.kill();
    }

    async fn power_on(&mut self) -> Result<()> {
        // A server that does not sync may have lost even its directory.
        std::fs::create_dir_all(&self.home)?;
        started(self.server.restart()).await?;
        self.bus.power_on().await
    }

    async fn found(&self) -> Result<HashSet<Write>> {
        self.bus.found().await
    }
}

/// A server that does not come back has lost everything, which is a result and not an error.
async fn started(restart: impl Future<Output = ()>) -> Result<()> {
    AssertUnwindSafe(restart).catch_unwind().await.map_err(|panic| {
        let message = panic.downcast_ref::<String>().cloned();
        anyhow!(message.unwrap_or_else(|| "the server does not come back".into()))
    })
}
