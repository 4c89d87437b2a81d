use std::sync::{Arc, Mutex, PoisonError};

use adapters::local::{LocalBus, MemoryLog};
use ports::bus::{Bus, BusError};
use ports::clock::Clock;

/// Owns the bus across its crashes.
pub(in crate::simulation) struct BusHome {
    log: MemoryLog,
    clock: Clock,
    present: Mutex<Option<Arc<LocalBus>>>,
}

impl BusHome {
    /// A new bus.
    pub(super) fn new(clock: Clock) -> Result<Self, BusError> {
        let home = Self { log: MemoryLog::new()?, clock, present: Mutex::default() };
        home.start()?;
        Ok(home)
    }

    /// The bus, unless it is down.
    pub(in crate::simulation) fn bus(&self) -> Option<Arc<dyn Bus>> {
        let present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        present.clone().map(|bus| -> Arc<dyn Bus> { bus })
    }

    /// Crashes it. Unflushed writes are lost: a new bus takes over its log.
    pub(super) fn kill(&self) -> Result<(), BusError> {
        let _heir = LocalBus::on(&self.log, self.clock.clone())?;
        self.present.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(())
    }

    /// Starts it on its log.
    pub(super) fn start(&self) -> Result<(), BusError> {
        let bus = Arc::new(LocalBus::on(&self.log, self.clock.clone())?);
        *self.present.lock().unwrap_or_else(PoisonError::into_inner) = Some(bus);
        Ok(())
    }
}
