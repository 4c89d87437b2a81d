use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Backlog, Bus, BusError, Consumer as Settings, DeadLetter, Deliveries, Stream, Watch};
use ports::clock::Clock;
use rusqlite::{Connection, ErrorCode};

use super::consumer::{self, Consumer};
use super::cursor::Cursor;
use super::deliveries::{LocalDeliveries, Member};
use super::log::Log;
use super::memory::MemoryLog;
use super::publish::{self, PreparedMessage};
use super::watch::LocalWatch;
use super::writer::{Writer, unavailable};
use super::{Seq, compact, dead_letters, lock, prune, schema};
use crate::private_file::make_private;

/// A bus for the services of one process, durable in one SQLite file.
pub struct LocalBus(Arc<Shared>);

/// What all users of the bus share.
pub(super) struct Shared {
    pub(super) writer: Writer,
    pub(super) clock: Clock,
    /// The last number that was assigned.
    newest: Arc<AtomicI64>,
    logs: Mutex<HashMap<String, Arc<Log>>>,
    consumers: Mutex<HashMap<(String, String), Arc<Consumer>>>,
    /// The streams whose old messages are removed.
    pruned: Mutex<HashSet<&'static str>>,
    /// The streams whose superseded messages are removed.
    compacted: Mutex<HashSet<&'static str>>,
}

impl LocalBus {
    /// Opens the bus in the file at `path`, which is created if it does not exist. The file belongs to
    /// this process until the bus and everything that came from it is dropped.
    ///
    /// # Errors
    /// If the file cannot be used, or another process uses it.
    pub fn open(path: &Path) -> Result<Self, BusError> {
        make_private(path).map_err(|error| BusError::Unavailable(format!("{}: {error}", path.display())))?;
        let db = schema::open(path).map_err(not_opened)?;
        let persisted = PersistedState::restore(&db).map_err(unavailable)?;
        Ok(Self::start(persisted, Writer::on_thread(db).map_err(unavailable)?, Clock::system()))
    }

    /// A bus that is gone when the process ends.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn in_memory() -> Result<Self, BusError> {
        Self::on(&MemoryLog::new()?, Clock::system())
    }

    /// The bus in `log`, by this clock. No other bus may use the log.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn on(log: &MemoryLog, clock: Clock) -> Result<Self, BusError> {
        Ok(Self::start(log.read(PersistedState::restore)?, Writer::in_memory(log), clock))
    }

    fn start(persisted: PersistedState, writer: Writer, clock: Clock) -> Self {
        Self(Arc::new(Shared {
            writer,
            clock,
            newest: Arc::new(AtomicI64::new(persisted.newest)),
            logs: persisted.logs.into(),
            consumers: persisted.consumers.into(),
            pruned: Mutex::default(),
            compacted: Mutex::default(),
        }))
    }
}

/// What an earlier bus left in the database.
struct PersistedState {
    logs: HashMap<String, Arc<Log>>,
    consumers: HashMap<(String, String), Arc<Consumer>>,
    newest: Seq,
}

impl PersistedState {
    fn restore(db: &Connection) -> rusqlite::Result<Self> {
        let (logs, newest) = restore_logs(db)?;
        let mut consumers = HashMap::new();
        for (stream, name, cursor) in consumer::restore(db)? {
            if let Some(log) = logs.get(&stream) {
                let consumer = Consumer::new(&name, log.clone(), cursor);
                consumers.insert((stream, name), consumer);
            }
        }
        Ok(Self { logs, consumers, newest })
    }
}

/// All streams, and the last number that was assigned.
fn restore_logs(db: &Connection) -> rusqlite::Result<(HashMap<String, Arc<Log>>, Seq)> {
    // No number is assigned twice, even when the newest messages have become too old and are gone:
    // consumers and watchers keep the numbers they have seen as positions.
    let newest =
        "SELECT MAX(COALESCE((SELECT MAX(seq) FROM messages), 0), COALESCE((SELECT MAX(position) FROM consumers), 0))";
    let newest: Seq = db.query_row(newest, [], |row| row.get(0))?;
    let mut select = db.prepare("SELECT name FROM streams")?;
    let names: Vec<String> = select.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let logs = names.into_iter().map(|name| (name.clone(), Arc::new(Log::new(&name, newest))));
    Ok((logs.collect(), newest))
}

impl Shared {
    fn log(&self, stream: &str) -> Result<Arc<Log>, BusError> {
        lock(&self.logs).get(stream).cloned().ok_or_else(|| BusError::NoStream(stream.to_owned()))
    }

    fn consumer(&self, settings: &Settings) -> Result<Arc<Consumer>, BusError> {
        let log = self.log(settings.stream)?;
        let mut consumers = lock(&self.consumers);
        let consumer = consumers
            .entry((settings.stream.to_owned(), settings.name.clone()))
            .or_insert_with(|| Consumer::new(&settings.name, log, Cursor::default()));
        Ok(consumer.clone())
    }

    async fn publish(&self, batch: Vec<PreparedMessage>) -> Result<Vec<Result<(), BusError>>, BusError> {
        let (newest, now) = (self.newest.clone(), self.clock.now());
        let publish = move |db: &Connection| {
            let mut results = Vec::with_capacity(batch.len());
            let mut inserted = Vec::with_capacity(batch.len());
            for message in batch {
                let result = publish::insert(db, message, &newest, now);
                results.push(result.map(|new| inserted.extend(new)).map_err(unavailable));
            }
            Ok((results, Mutex::new(inserted)))
        };
        // Appended before the result is returned: the publisher then sees the message in the backlog.
        let append = |(_, inserted): &(_, Mutex<Vec<_>>)| publish::append(std::mem::take(&mut *lock(inserted)));
        Ok(self.writer.run_then(publish, append).await?.0)
    }
}

fn not_opened(error: rusqlite::Error) -> BusError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => unavailable("it is in use by another process"),
        _ => unavailable(error),
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        let name = stream.name;
        let declare = move |db: &Connection| db.execute("INSERT OR IGNORE INTO streams (name) VALUES (?1)", [name]);
        self.0.writer.run(declare).await?;
        let log = lock(&self.0.logs).entry(name.to_owned()).or_insert_with(|| Arc::new(Log::new(name, 0))).clone();
        if let Some(keep) = stream.keep_superseded
            && lock(&self.0.compacted).insert(name)
        {
            tokio::spawn(compact::keep_compacting(Arc::downgrade(&self.0), log.clone(), keep));
        }
        if let Some(max_age) = stream.max_age
            && lock(&self.0.pruned).insert(name)
        {
            tokio::spawn(prune::keep_pruning(Arc::downgrade(&self.0), log, max_age));
        }
        Ok(())
    }

    async fn publish(&self, batch: &[Envelope]) -> Vec<Result<(), BusError>> {
        let prepare = |envelope: &Envelope| PreparedMessage::new(self.0.log(envelope.stream())?, envelope);
        let mut results = Vec::with_capacity(batch.len());
        let mut ready = Vec::with_capacity(batch.len());
        for envelope in batch {
            results.push(prepare(envelope).map(|message| ready.push(message)));
        }
        let published = match ready.is_empty() {
            true => Ok(Vec::new()),
            false => self.0.publish(ready).await,
        };
        let mut published = published.map(Vec::into_iter);
        for result in results.iter_mut().filter(|result| result.is_ok()) {
            *result = match &mut published {
                Ok(published) => published.next().unwrap_or(Ok(())),
                Err(error) => Err(unavailable(error)),
            };
        }
        results
    }

    async fn consume(&self, consumer: &Settings) -> Result<Box<dyn Deliveries>, BusError> {
        let joined = self.0.consumer(consumer)?;
        joined.join(&self.0.writer, consumer.clone()).await?;
        Ok(Box::new(LocalDeliveries(Arc::new(Member { bus: self.0.clone(), consumer: joined }))))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        Ok(Box::new(LocalWatch::new(self.0.clone(), self.0.log(stream)?, types, from_start)))
    }

    async fn backlog(&self, consumer: &Settings) -> Result<Backlog, BusError> {
        self.0.consumer(consumer)?.backlog(&self.0.writer, consumer).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        self.0.writer.run(move |db| dead_letters::list(db, after, limit)).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        let row = i64::try_from(number).unwrap_or(i64::MAX);
        let (letter, bus) = (self.0.writer.run(move |db| dead_letters::mark_replayed(db, row)), &self.0);
        let envelope = letter.await?.ok_or(BusError::NoDeadLetter(number))?;
        let message = PreparedMessage::new(bus.log(envelope.stream())?, &envelope)?;
        bus.publish(vec![message]).await?.pop().unwrap_or(Ok(()))
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.0.writer.run(|db| db.query_row("SELECT 1", [], |_| Ok(()))).await
    }
}
