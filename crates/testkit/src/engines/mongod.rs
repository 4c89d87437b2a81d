use std::path::Path;
use std::process::Command;
use std::time::Duration;

use mongodb::Client;
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;

use super::binary::MONGOD;
use super::home::Home;
use super::server::{Kind, Server};

/// The replica set's name. MongoDB offers majority reads and change streams to replica sets only.
const REPLICA_SET: &str = "test";

/// How much memory a server may use.
#[derive(Debug, Clone, Copy)]
pub(super) enum Share {
    /// Little: several servers share a small machine with the tests and the compiler.
    OfTests,
    /// MongoDB's default: half of the machine's memory, less a gigabyte.
    Usual,
}

/// A `mongod` of its own: a replica set of one, journaled, on 127.0.0.1. Killed when dropped.
pub struct Mongod(Server);

impl Mongod {
    /// A new server that keeps its data in `directory`, which stays when the server is dropped.
    ///
    /// # Panics
    /// If there is no `mongod`, or it does not start.
    pub async fn launch(directory: &Path) -> Self {
        Self(Server::launch(Kind::Mongod(Share::OfTests), Home::kept(directory)).await)
    }

    /// Like [`Mongod::launch`], with MongoDB's default amount of memory. With the little that tests use, it
    /// spends a fifth of its time moving data in and out of its cache.
    ///
    /// # Panics
    /// If there is no `mongod`, or it does not start.
    pub async fn launch_with_usual_memory(directory: &Path) -> Self {
        Self(Server::launch(Kind::Mongod(Share::Usual), Home::kept(directory)).await)
    }

    /// A new server whose data is removed with it.
    ///
    /// # Panics
    /// If there is no `mongod`, or it does not start.
    pub async fn launch_temporary() -> Self {
        Self(Server::launch(Kind::Mongod(Share::OfTests), Home::temporary()).await)
    }

    /// The connection string for drivers.
    pub fn uri(&self) -> String {
        format!("mongodb://127.0.0.1:{}/?replicaSet={REPLICA_SET}", self.0.port)
    }

    /// Its process id.
    ///
    /// # Panics
    /// If it has been killed or stopped.
    pub fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// SIGKILL: what it had acknowledged must be there after [`Mongod::restart`].
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

pub(super) fn command(home: &Path, port: u16, share: Share) -> Command {
    let mut command = Command::new(MONGOD.find());
    command
        .args(["--replSet", REPLICA_SET, "--bind_ip", "127.0.0.1", "--port", &port.to_string()])
        .arg("--dbpath")
        .arg(home)
        .args(["--quiet", "--nounixsocket"]);
    if let Share::OfTests = share {
        command
            .args(["--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64"])
            .args(["--setParameter", "diagnosticDataCollectionEnabled=false"]);
    }
    command
}

/// Whether the server accepts writes. A server without a configuration is made to initiate its replica set.
pub(super) async fn serves(port: u16) -> bool {
    let mut options = ClientOptions::parse(format!("mongodb://127.0.0.1:{port}/?directConnection=true"))
        .await
        .expect("a well-formed connection string");
    options.server_selection_timeout = Some(Duration::from_secs(1));
    let client = Client::with_options(options).expect("valid options");
    let primary = is_primary(&client, port).await;
    client.shutdown().immediate(true).await;
    primary.unwrap_or_else(|error| {
        tracing::debug!(%error, "mongod is not ready");
        false
    })
}

async fn is_primary(client: &Client, port: u16) -> mongodb::error::Result<bool> {
    let hello = admin(client, doc! { "hello": 1 }).await?;
    // The error of a member of a replica set without a configuration.
    if hello.get_bool("isreplicaset").unwrap_or(false) {
        let members = [doc! { "_id": 0, "host": format!("127.0.0.1:{port}") }];
        admin(client, doc! { "replSetInitiate": { "_id": REPLICA_SET, "members": members } }).await?;
    }
    Ok(hello.get_bool("isWritablePrimary").unwrap_or(false))
}

async fn admin(client: &Client, command: Document) -> mongodb::error::Result<Document> {
    client.database("admin").run_command(command).await
}
