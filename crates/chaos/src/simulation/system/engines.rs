use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use adapters::database::{Database, Memory};
use adapters::local::LocalBus;
use adapters::sqlite::SqliteStore;
use anyhow::Result;
use ports::bus::Bus;
use ports::clock::Clock;
use server::services::ServiceName;

use crate::simulation::remains::Remains;

/// Owns the bus and the services' databases across their crashes.
///
/// Either all of them are one database, as in one process, and a commit publishes its events; or each is on its own,
/// as with MongoDB and NATS, and events are relayed.
pub(in crate::simulation) struct Engines {
    is_one_database: bool,
    /// What the bus is in.
    memory: Memory,
    clock: Clock,
    remains: Remains,
    present: Mutex<Option<Arc<LocalBus>>>,
    stores: Mutex<BTreeMap<ServiceName, Arc<SqliteStore>>>,
}

impl Engines {
    /// New ones, without anything in them.
    pub(super) fn new(is_one_database: bool, clock: Clock, remains: Remains) -> Result<Self> {
        let (memory, present, stores) = (Memory::new()?, Mutex::default(), Mutex::default());
        let engines = Self { is_one_database, memory, clock, remains, present, stores };
        if !is_one_database {
            for service in ServiceName::ALL {
                engines.keep(service, SqliteStore::in_memory()?);
            }
        }
        engines.start()?;
        Ok(engines)
    }

    /// The bus, unless it is down.
    pub(in crate::simulation) fn bus(&self) -> Option<Arc<dyn Bus>> {
        let present = lock(&self.present).clone();
        present.map(|bus| -> Arc<dyn Bus> { bus })
    }

    /// The database of a service. It does not write while it is down.
    ///
    /// All processes of the service use this one store, as if it was the server of the database. What it caches are
    /// records as they are stored, put there by the commit itself, so that each process sees what another has
    /// committed from that moment on. It is so with MongoDB, too: all read from the primary what a majority has, and a
    /// commit is acknowledged by a majority. What a process caches for itself is not in here.
    pub(super) fn store(&self, service: ServiceName) -> Arc<SqliteStore> {
        lock(&self.stores)[&service].clone()
    }

    /// Crashes the bus, and what is in one database with it. Unflushed writes are lost: a new one takes over.
    pub(super) fn kill(&self) {
        let _heir = Database::on(&self.memory);
        lock(&self.present).take();
    }

    /// Starts it on what it left.
    pub(super) fn start(&self) -> Result<()> {
        let bus = Arc::new(LocalBus::on(&Database::on(&self.memory), self.clock.clone())?);
        if self.is_one_database {
            for service in ServiceName::ALL {
                self.keep(service, bus.store(service.as_str()));
            }
        }
        *lock(&self.present) = Some(bus);
        Ok(())
    }

    fn keep(&self, service: ServiceName, store: SqliteStore) {
        let store = Arc::new(store);
        self.remains.watch(format!("the database of {service}"), &store);
        lock(&self.stores).insert(service, store);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
