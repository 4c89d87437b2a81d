//! Faults between the services and everything outside them.

mod acknowledger;
mod bus;
mod calls;
mod deliveries;
mod gate;
mod mail_server;
mod store;
mod stripe;
mod watch;
mod weather;
mod webhooks;

pub(super) use bus::{AGAIN, TroubledBus};
pub(super) use calls::{TroubledCalls, cut};
pub(super) use gate::Gate;
pub(super) use mail_server::MailServer;
pub(super) use store::TroubledStore;
pub(super) use stripe::Stripe;
pub(super) use weather::Weather;
pub(super) use webhooks::TroubledWebhooks;
