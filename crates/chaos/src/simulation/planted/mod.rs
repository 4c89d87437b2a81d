//! Deliberate faults at a service's ports: what reaches the store, the bus or the network is not what the
//! service requested, while the services themselves are unchanged.

mod bus;
mod calls;
mod deliveries;
mod fault;
mod memory;
mod store;

pub use fault::PlantedFault;

use std::sync::Arc;

use ports::bus::Bus;
use ports::store::RecordStore;
use runtime::ServiceDefinition;
use runtime::outbound::HttpCalls;

use bus::FaultyBus;
use calls::FaultyCalls;
use memory::Memory;
use store::FaultyStore;

/// The task of payments that resumes interrupted payments.
const RECONCILER: &str = "reconcile";

/// The fault of a run, if it has one: it wraps the ports of each service.
#[derive(Debug, Clone, Copy)]
pub(super) struct Planted(pub(super) Option<PlantedFault>);

impl Planted {
    pub(super) fn store(self, store: Arc<dyn RecordStore>) -> Arc<dyn RecordStore> {
        match self.0 {
            Some(fault) => Arc::new(FaultyStore { inner: store, fault, memory: Memory::default() }),
            None => store,
        }
    }

    pub(super) fn bus(self, bus: Arc<dyn Bus>) -> Arc<dyn Bus> {
        match self.0 {
            Some(fault) => Arc::new(FaultyBus { inner: bus, fault }),
            None => bus,
        }
    }

    pub(super) fn http(self, http: Arc<dyn HttpCalls>) -> Arc<dyn HttpCalls> {
        match self.0 {
            Some(fault) => Arc::new(FaultyCalls { inner: http, fault }),
            None => http,
        }
    }

    /// The service, without what the fault removes from it.
    pub(super) fn service(self, definition: ServiceDefinition) -> ServiceDefinition {
        if self.0 != Some(PlantedFault::ReconcilerOff) {
            return definition;
        }
        let build = definition.build;
        let without_reconciler = move |deps| {
            let mut service = build(deps);
            service.tasks.retain(|task| task.name != RECONCILER);
            service
        };
        ServiceDefinition { build: Box::new(without_reconciler), ..definition }
    }
}
