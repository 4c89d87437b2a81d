use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use adapters::jetstream::JetStreamBus;
use adapters::local::{LocalBus, MemoryLog};
use async_nats::jetstream;
use common::id::{IdGenerator, TicketId};
use common::time::Timestamp;
use futures::TryStreamExt;
use ports::bus::{Bus, Consumer, Stream};
use ports::clock::Clock;
use tempfile::TempDir;

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
}

enum Keeps {
    Log(MemoryLog),
    File(TempDir),
    Server { url: String, namespace: String },
}

impl Fixture {
    /// The local bus without a file.
    pub async fn memory() -> Self {
        let log = MemoryLog::new().expect("there is memory");
        Self { bus: on(&log), keeps: Keeps::Log(log) }
    }

    /// The local bus on a file of its own.
    pub async fn file() -> Self {
        let directory = TempDir::new().expect("a directory");
        Self { bus: open(directory.path()), keeps: Keeps::File(directory) }
    }

    /// JetStream, under names of its own.
    pub async fn jetstream() -> Self {
        let url = crate::engines::nats_url().await;
        let namespace = format!("contract{}", IdGenerator::random().next::<TicketId>(Timestamp::from_millis(0)));
        Self { bus: connect(&url, &namespace).await, keeps: Keeps::Server { url, namespace } }
    }

    /// Simulates a crash of the process; another one takes over.
    pub(super) async fn crash(&mut self) {
        match &self.keeps {
            Keeps::Log(log) => self.bus = on(log),
            Keeps::File(directory) => {
                // The files as a killed process would leave them.
                let copy = TempDir::new().expect("a directory");
                for file in std::fs::read_dir(directory.path()).expect("lists") {
                    let file = file.expect("a file");
                    std::fs::copy(file.path(), copy.path().join(file.file_name())).expect("copies");
                }
                self.bus = open(copy.path());
                self.keeps = Keeps::File(copy);
            }
            Keeps::Server { url, namespace } => self.bus = connect(url, namespace).await,
        }
    }

    /// The process shuts down gracefully and starts again.
    pub(super) async fn restart(&mut self) {
        if let Keeps::File(_) | Keeps::Log(_) = &self.keeps {
            // The file is free only when the bus is gone.
            self.bus = Arc::new(LocalBus::in_memory().expect("opens"));
        }
        match &self.keeps {
            Keeps::File(directory) => self.bus = open(directory.path()),
            Keeps::Log(_) | Keeps::Server { .. } => self.crash().await,
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

fn on(log: &MemoryLog) -> Arc<dyn Bus> {
    Arc::new(LocalBus::on(log, Clock::system()).expect("opens"))
}

fn open(directory: &Path) -> Arc<dyn Bus> {
    Arc::new(LocalBus::open(&directory.join("bus.db")).expect("opens"))
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
