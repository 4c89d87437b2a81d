use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::home::Home;
use super::process::Process;
use super::{chromedriver, mail_server, mongod, nats, object_store, port};

/// How long a server may take to become ready. Generous: the machine may be compiling.
const START_LIMIT: Duration = Duration::from_secs(60);
/// The polling interval.
const POLL: Duration = Duration::from_millis(50);
/// Attempts to find a port that is not taken between our choosing it and the server's binding it.
const ATTEMPTS: usize = 5;

/// The servers that can be run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Mongod(mongod::Share),
    NatsServer(nats::Syncing),
    ChromeDriver,
    MailServer(mail_server::Cover),
    ObjectStore,
}

impl Kind {
    fn command(self, home: &Path, port: u16) -> Command {
        match self {
            Self::Mongod(share) => mongod::command(home, port, share),
            Self::NatsServer(sync) => nats::command(home, port, sync),
            Self::ChromeDriver => chromedriver::command(home, port),
            Self::MailServer(cover) => mail_server::command(home, port, cover),
            Self::ObjectStore => object_store::command(home, port),
        }
    }

    async fn serves(self, port: u16) -> bool {
        match self {
            Self::Mongod(_) => mongod::serves(port).await,
            Self::NatsServer(_) => nats::serves(port).await,
            Self::ChromeDriver => chromedriver::serves(port).await,
            Self::MailServer(_) => mail_server::serves(port).await,
            Self::ObjectStore => object_store::serves(port).await,
        }
    }
}

/// A server with its port and its data, running or not. Killed when dropped.
pub(super) struct Server {
    kind: Kind,
    pub(super) port: u16,
    process: Option<Process>,
    // Dropped after the process, which writes there.
    home: Home,
}

impl Server {
    pub(super) async fn launch(kind: Kind, home: Home) -> Self {
        let mut server = Self { kind, port: port::free(), process: None, home };
        for _ in 0..ATTEMPTS {
            match server.start().await {
                Ok(()) => return server,
                Err(reason) if reason.contains("in use") => server.port = port::free(),
                Err(reason) => panic!("{kind:?} does not start: {reason}"),
            }
        }
        panic!("no port stayed free until {kind:?} had it");
    }

    pub(super) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.as_ref().expect("the server is running").pid()
    }

    pub(super) fn kill(&mut self) {
        self.process = None;
    }

    pub(super) async fn stop(&mut self) {
        if let Some(process) = self.process.take() {
            process.stop().await;
        }
    }

    pub(super) async fn restart(&mut self) {
        self.kill();
        if let Err(reason) = self.start().await {
            panic!("{:?} does not restart: {reason}", self.kind);
        }
    }

    /// Waits until it is ready, or returns the reason why it is not.
    async fn start(&mut self) -> Result<(), String> {
        let process =
            self.process.insert(Process::spawn(&mut self.kind.command(self.home.path(), self.port), &self.home));
        let serving = async {
            while !self.kind.serves(self.port).await {
                if let Some(epitaph) = process.epitaph() {
                    return Err(epitaph);
                }
                tokio::time::sleep(POLL).await;
            }
            Ok(())
        };
        tokio::time::timeout(START_LIMIT, serving)
            .await
            .unwrap_or_else(|_| Err(format!("it runs, but did not serve within {START_LIMIT:?}")))
    }
}
