//! Faults between the services and everything outside them.

mod acknowledger;
mod bus;
mod deliveries;
mod gate;
mod store;
mod stripe_calls;
mod watch;
mod weather;
mod webhooks;

pub(super) use bus::{AGAIN, TroubledBus};
pub(super) use gate::Gate;
pub(super) use store::TroubledStore;
pub(super) use stripe_calls::TroubledCalls;
pub(super) use weather::Weather;
pub(super) use webhooks::TroubledWebhooks;
