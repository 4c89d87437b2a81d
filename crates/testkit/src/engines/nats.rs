use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::binary::NATS_SERVER;
use super::home::Home;
use super::server::{Kind, Server};
use crate::process::{freeze, thaw};

/// When messages are synced to disk.
#[derive(Debug, Clone, Copy)]
pub(super) enum Syncing {
    /// Before they are acknowledged.
    Always,
    /// At nats-server's default interval of two minutes.
    Sometime,
}

/// A `nats-server` of its own with JetStream, which syncs every message to disk before it acknowledges it,
/// on 127.0.0.1. Killed when dropped.
pub struct NatsServer(pub(super) Server);

impl NatsServer {
    /// A new server that keeps its data in `directory`, which stays when the server is dropped.
    ///
    /// # Panics
    /// If there is no `nats-server`, or it does not start.
    pub async fn launch(directory: &Path) -> Self {
        Self(Server::launch(Kind::NatsServer(Syncing::Always), Home::kept(directory)).await)
    }

    /// A new server whose data goes when it goes.
    ///
    /// # Panics
    /// If there is no `nats-server`, or it does not start.
    pub async fn launch_temporary() -> Self {
        Self(Server::launch(Kind::NatsServer(Syncing::Always), Home::temporary()).await)
    }

    /// A new server with default settings, which acknowledges messages long before they are on the disk, to
    /// show the cost of syncing.
    ///
    /// # Panics
    /// If there is no `nats-server`, or it does not start.
    pub async fn launch_unsynced(directory: &Path) -> Self {
        Self(Server::launch(Kind::NatsServer(Syncing::Sometime), Home::kept(directory)).await)
    }

    /// Its address for clients.
    pub fn url(&self) -> String {
        url(self.0.port)
    }

    /// Its process id.
    ///
    /// # Panics
    /// If it has been killed or stopped.
    pub fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// SIGSTOP: it answers nothing, and its connections stay open, until [`NatsServer::thaw`].
    ///
    /// # Panics
    /// If it does not run.
    pub fn freeze(&self) {
        freeze(self.pid()).expect("it runs");
    }

    /// It goes on.
    ///
    /// # Panics
    /// If it does not run.
    pub fn thaw(&self) {
        thaw(self.pid()).expect("it runs");
    }

    /// SIGKILL: what it had acknowledged must be there after [`NatsServer::restart`].
    pub fn kill(&mut self) {
        self.0.kill();
    }

    /// SIGTERM, and waits for a graceful shutdown.
    pub async fn stop(&mut self) {
        self.0.stop().await;
    }

    /// Starts it again on the same port and data, killing it first if it runs.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn restart(&mut self) {
        self.0.restart().await;
    }
}

fn url(port: u16) -> String {
    format!("nats://127.0.0.1:{port}")
}

pub(super) fn command(home: &Path, port: u16, sync: Syncing) -> Command {
    let jetstream = match sync {
        Syncing::Always => json!({ "store_dir": home.join("jetstream"), "sync_interval": "always" }),
        Syncing::Sometime => json!({ "store_dir": home.join("jetstream") }),
    };
    // nats-server's configuration language includes JSON.
    let configuration = json!({ "listen": format!("127.0.0.1:{port}"), "jetstream": jetstream });
    let file = home.join("nats.conf");
    fs::write(&file, configuration.to_string()).expect("the configuration can be written");
    let mut command = Command::new(NATS_SERVER.find());
    command.arg("--config").arg(file);
    command
}

/// Whether JetStream responds, which it does a moment after the server accepts connections.
pub(super) async fn serves(port: u16) -> bool {
    match async_nats::connect(url(port)).await {
        Ok(client) => async_nats::jetstream::new(client).query_account().await.is_ok(),
        Err(error) => {
            tracing::debug!(%error, "nats-server is not ready");
            false
        }
    }
}
