use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapters::database::{Database, Memory};
use adapters::jetstream::JetStreamBus;
use adapters::local::LocalBus;
use async_nats::jetstream;
use common::id::{IdGenerator, TicketId};
use common::time::Timestamp;
use futures::TryStreamExt;
use ports::bus::{Bus, Consumer, Stream};
use ports::clock::Clock;
use tempfile::TempDir;

use super::committing::CommittingBus;

/// The timeout after which a rule counts as broken.
const PATIENCE: Duration = Duration::from_secs(30);

/// The stream the rules use unless they need several.
pub(super) const TICKETS: Stream = Stream::new("tickets");
/// Another one.
pub(super) const ORDERS: Stream = Stream::new("orders");

/// A bus for one test alone.
pub struct Fixture {
    pub(super) bus: Arc<dyn Bus>,
    keeps: Keeps,
    /// Whether what is published comes by commits of a store in the same database.
    by_commits: bool,
}

enum Keeps {
    Memory(Memory),
    File(TempDir),
    Server { url: String, namespace: String },
}

impl Fixture {
    /// The local bus without a file.
    pub async fn memory() -> Self {
        Self::local(Keeps::Memory(Memory::new().expect("there is memory")), false)
    }

    /// The local bus in a file of its own.
    pub async fn file() -> Self {
        Self::local(Keeps::File(TempDir::new().expect("a directory")), false)
    }

    /// The local bus and a store in one database without a file; what is published comes by the store's commits.
    pub async fn commits_in_memory() -> Self {
        Self::local(Keeps::Memory(Memory::new().expect("there is memory")), true)
    }

    /// The same in a file.
    pub async fn commits_in_file() -> Self {
        Self::local(Keeps::File(TempDir::new().expect("a directory")), true)
    }

    fn local(keeps: Keeps, by_commits: bool) -> Self {
        let database = match &keeps {
            Keeps::Memory(memory) => Database::on(memory),
            Keeps::File(directory) => open(directory.path()),
            Keeps::Server { .. } => panic!("not a local bus"),
        };
        Self { bus: bus_in(&database, by_commits), keeps, by_commits }
    }

    /// JetStream, under names of its own.
    pub async fn jetstream() -> Self {
        let url = crate::engines::nats_url().await;
        let namespace = format!("contract{}", IdGenerator::random().next::<TicketId>(Timestamp::from_millis(0)));
        Self { bus: connect(&url, &namespace).await, keeps: Keeps::Server { url, namespace }, by_commits: false }
    }

    /// Simulates a crash of the process; another one takes over.
    pub(super) async fn crash(&mut self) {
        match &self.keeps {
            Keeps::Memory(memory) => self.bus = bus_in(&Database::on(memory), self.by_commits),
            Keeps::File(directory) => {
                // The files as a killed process would leave them.
                let copy = TempDir::new().expect("a directory");
                for file in std::fs::read_dir(directory.path()).expect("lists") {
                    let file = file.expect("a file");
                    std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("copies");
                }
                self.bus = bus_in(&open(copy.path()), self.by_commits);
                self.keeps = Keeps::File(copy);
            }
            Keeps::Server { url, namespace } => self.bus = connect(url, namespace).await,
        }
    }

    /// The process shuts down gracefully and starts again.
    pub(super) async fn restart(&mut self) {
        if let Keeps::File(_) | Keeps::Memory(_) = &self.keeps {
            // The file is free only when the bus is gone.
            self.bus = Arc::new(LocalBus::in_memory().expect("opens"));
        }
        match &self.keeps {
            Keeps::File(directory) => self.bus = bus_in(&open(directory.path()), self.by_commits),
            Keeps::Memory(_) | Keeps::Server { .. } => self.crash().await,
        }
    }

    /// Declares [`TICKETS`], runs one rule and cleans up.
    pub async fn obeys(mut self, rule: impl AsyncFnOnce(&mut Fixture)) {
        self.bus.declare(&TICKETS).await.expect("declares");
        rule(&mut self).await;
        if let Keeps::Server { url, namespace } = &self.keeps {
            remove_streams(url, namespace).await;
        }
    }
}

fn bus_in(database: &Database, by_commits: bool) -> Arc<dyn Bus> {
    let bus = LocalBus::on(database, Clock::system()).expect("opens");
    if by_commits { Arc::new(CommittingBus::new(bus)) } else { Arc::new(bus) }
}

fn open(directory: &Path) -> Database {
    Database::open(&directory.join("bus.db")).expect("opens")
}

async fn connect(url: &str, namespace: &str) -> Arc<dyn Bus> {
    Arc::new(JetStreamBus::connect(url, Some(namespace)).await.expect("connects"))
}

async fn remove_streams(url: &str, namespace: &str) {
    let context = jetstream::new(async_nats::connect(url).await.expect("connects"));
    let names: Vec<String> = context.stream_names().try_collect().await.expect("lists");
    for name in names.iter().filter(|name| name.starts_with(namespace)) {
        context.delete_stream(name).await.expect("deletes");
    }
}

/// A consumer of [`TICKETS`] with a long `ack_wait`.
pub(super) fn consumer(service: &str) -> Consumer {
    let types = vec!["tickets.created", "tickets.updated"];
    Consumer { ack_wait: Duration::from_secs(10), ..Consumer::new(service, "tickets", types) }
}

/// A consumer with a short `ack_wait` and at most two deliveries.
pub(super) fn impatient(service: &str) -> Consumer {
    Consumer { ack_wait: Duration::from_millis(300), max_deliveries: 2, ..consumer(service) }
}

/// The result of `work`, within the timeout.
pub(super) async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("this did not happen in time")
}
