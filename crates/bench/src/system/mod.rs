//! The product as processes of this machine, and its resource usage.

mod applied;
mod bank;
mod counts;
mod ended_sessions;
mod fill;
mod launch;
mod people;
mod strangers;
mod usage;

use std::net::SocketAddr;

use anyhow::{Context, Result};
use serde::Serialize;
use tempfile::TempDir;
use testkit::engines::{Mongod, NatsServer};
use testkit::process::Server;

pub(crate) use applied::Applied;
pub(crate) use bank::{serve_bank, until_webhooks_stop};
pub(crate) use counts::{Counts, Idle};
pub(crate) use fill::Purchase;
pub(crate) use people::{PASSWORD, People};
pub(crate) use server::services::ServiceName;
pub(crate) use usage::{BANK, GENERATOR, Meter, Share, Usage};

/// The storage and bus of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Engine {
    /// One process on SQLite and the local bus.
    Embedded,
    /// A process for each service, on MongoDB and NATS.
    Real,
}

impl Engine {
    /// A readable name.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Embedded => "one process, embedded",
            Self::Real => "six services, MongoDB + NATS",
        }
    }
}

/// One of the product's processes.
pub(crate) struct Member {
    /// The service's name, or the program's if it runs all services.
    pub(crate) name: &'static str,
    /// The process.
    pub(crate) server: Server,
}

/// The running product. Killed with its engines when dropped.
pub(crate) struct System {
    /// The engine.
    pub(crate) engine: Engine,
    pub(crate) members: Vec<Member>,
    /// The simulated bank.
    bank: Server,
    pub(crate) engines: Option<(Mongod, NatsServer)>,
    // Dropped last, after all processes that write there.
    pub(crate) data: TempDir,
}

impl System {
    /// The address of a service.
    pub(crate) fn address(&self, service: ServiceName) -> SocketAddr {
        self.member(service).server.address()
    }

    /// Where a service answers operators.
    pub(crate) fn operator_address(&self, service: ServiceName) -> SocketAddr {
        self.member(service).server.operator_address()
    }

    fn member(&self, service: ServiceName) -> &Member {
        let own = self.members.iter().find(|member| member.name == service.as_str());
        own.unwrap_or(&self.members[0])
    }

    /// Every process involved, with its name, including the database, the bus and the bank.
    pub(crate) fn processes(&self) -> Vec<(&'static str, u32)> {
        let product = self.members.iter().map(|member| (member.name, member.server.pid()));
        let engines = self.engines.iter();
        let engines = engines.flat_map(|(mongod, nats)| [("mongod", mongod.pid()), ("nats-server", nats.pid())]);
        product.chain(engines).chain([(BANK, self.bank.pid())]).collect()
    }

    /// Stops the product gracefully; the engines keep running.
    pub(crate) async fn stop(&mut self) {
        for member in self.members.iter_mut().rev() {
            member.server.stop().await;
        }
    }

    /// Starts the product, and waits until it is ready.
    pub(crate) async fn start(&mut self) {
        self.members.iter_mut().for_each(|member| member.server.start());
        for member in &mut self.members {
            member.server.until_ready().await;
        }
    }

    /// The memory of every process.
    ///
    /// # Errors
    /// If one is gone.
    pub(crate) fn memory(&self) -> Result<Vec<Usage>> {
        self.processes().into_iter().map(|(name, pid)| Usage::of(name, pid)).collect()
    }

    /// Direct access to the database.
    ///
    /// # Errors
    /// If there is none.
    pub(crate) async fn mongodb(&self) -> Result<mongodb::Client> {
        let (mongod, _) = self.engines.as_ref().context("there is no MongoDB here")?;
        Ok(mongodb::Client::with_uri_str(mongod.uri()).await?)
    }
}
