//! The real servers that tests run against: found, launched, killed and restarted.
//!
//! Most tests take [`mongodb_uri`] and [`nats_url`] and share one server of each kind; they are isolated by
//! database and by namespace. Tests that kill a server launch their own [`Mongod`] or [`NatsServer`]. An
//! unavailable server fails the test with instructions; nothing is skipped.

pub(crate) mod binary;
mod chromedriver;
mod home;
mod mail_server;
mod mongod;
mod nats;
mod object_store;
pub(crate) mod port;
mod process;
mod server;
pub(crate) mod watchdog;

use std::env;

use tokio::sync::OnceCell;

pub use chromedriver::ChromeDriver;
pub use mail_server::{Behaviour, MailServer, ReceivedMail};
pub use mongod::Mongod;
pub use nats::NatsServer;
pub use object_store::ObjectStore;

/// The connection string of a MongoDB replica set: `MONGODB_URI` if that is set, else a server of
/// this test process, launched by the first test that asks and killed when the process ends.
///
/// # Panics
/// If there is no `mongod` to launch, or it does not start; the message says what to do.
pub async fn mongodb_uri() -> String {
    static SHARED: OnceCell<Mongod> = OnceCell::const_new();
    match env::var("MONGODB_URI") {
        Ok(uri) if !uri.is_empty() => uri,
        _ => SHARED.get_or_init(Mongod::launch_temporary).await.uri(),
    }
}

/// The address of a NATS server with JetStream: `NATS_URL` if that is set, else a server of this
/// test process, launched by the first test that asks and killed when the process ends.
///
/// # Panics
/// If there is no `nats-server` to launch, or it does not start; the message says what to do.
pub async fn nats_url() -> String {
    static SHARED: OnceCell<NatsServer> = OnceCell::const_new();
    match env::var("NATS_URL") {
        Ok(url) if !url.is_empty() => url,
        _ => SHARED.get_or_init(NatsServer::launch_temporary).await.url(),
    }
}

/// Free ports of this machine, all different.
///
/// # Panics
/// If there are none.
pub fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    port::several()
}

#[cfg(test)]
mod tests;
