use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{Backlog, Bus, BusError, Consumer as Settings, DeadLetter, Deliveries, Stream, Watch};
use ports::clock::Clock;
use ports::store::Lane;
use rusqlite::Connection;

use super::consumer::{self, Consumer};
use super::cursor::Cursor;
use super::deliveries::{LocalDeliveries, Member};
use super::publish::{self, PreparedMessage};
use super::publisher::Publisher;
use super::streams::{self, Streams};
use super::watch::LocalWatch;
use super::{compact, dead_letters, lock, prune, schema, unavailable};
use crate::database::{Database, Writer, store_error};
use crate::sqlite::SqliteStore;

/// A bus for the services of one process, durable in an SQLite database.
pub struct LocalBus(Arc<Shared>);

/// By stream and name.
type Consumers = HashMap<(String, String), Arc<Consumer>>;

/// What all users of the bus share.
pub(super) struct Shared {
    database: Database,
    pub(super) clock: Clock,
    streams: Arc<Streams>,
    consumers: Mutex<Consumers>,
    /// The streams whose old messages are removed.
    pruned: Mutex<HashSet<&'static str>>,
    /// The streams whose superseded messages are removed.
    compacted: Mutex<HashSet<&'static str>>,
}

impl LocalBus {
    /// Opens the bus in a database of its own in the file at `path`, which is created if it does not exist. The file
    /// belongs to this process until the bus and everything that came from it is dropped.
    ///
    /// # Errors
    /// If the file cannot be used, or another process uses it.
    pub fn open(path: &Path) -> Result<Self, BusError> {
        Self::on(&Database::open(path).map_err(unavailable)?, Clock::system())
    }

    /// A bus that is gone when the process ends.
    ///
    /// # Errors
    /// If there is not enough memory.
    pub fn in_memory() -> Result<Self, BusError> {
        Self::on(&Database::in_memory().map_err(unavailable)?, Clock::system())
    }

    /// The bus in this database, by this clock. No other bus may be in it.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn on(database: &Database, clock: Clock) -> Result<Self, BusError> {
        let (streams, consumers) = database.at_once(restore).map_err(unavailable)?;
        Ok(Self(Arc::new(Shared {
            database: database.clone(),
            clock,
            streams: Arc::new(streams),
            consumers: consumers.into(),
            pruned: Mutex::default(),
            compacted: Mutex::default(),
        })))
    }

    /// The store of `service` in the same database: its commits publish their events on this bus.
    pub fn store(&self, service: &'static str) -> SqliteStore {
        let publisher = Publisher::new(self.0.streams.clone(), self.0.clock.clone());
        SqliteStore::publishing(&self.0.database, service, publisher)
    }
}

/// What an earlier bus left in the database: all streams and consumers.
fn restore(db: &Connection) -> rusqlite::Result<(Streams, Consumers)> {
    schema::prepare(db)?;
    let streams = Streams::restore(db)?;
    let mut consumers = Consumers::new();
    for (stream, name, cursor) in consumer::restore(db)? {
        if let Ok(log) = streams.log(&stream) {
            let consumer = Consumer::new(&name, log, cursor);
            consumers.insert((stream, name), consumer);
        }
    }
    Ok((streams, consumers))
}

impl Shared {
    pub(super) fn writer(&self) -> &Arc<Writer> {
        self.database.writer()
    }

    /// Does this in the next transaction.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, BusError> {
        Ok(self.writer().run(work).await?)
    }

    /// Begins to read what has been committed, beside the writer.
    pub(super) fn read<T, F>(&self, work: F) -> impl Future<Output = Result<T, BusError>> + Send + use<T, F>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let read = self.database.read(Lane::Direct, |db| work(db).map_err(|error| store_error(&error)));
        async move { read.await.map_err(unavailable) }
    }

    fn consumer(&self, settings: &Settings) -> Result<Arc<Consumer>, BusError> {
        let log = self.streams.log(settings.stream)?;
        let mut consumers = lock(&self.consumers);
        let consumer = consumers
            .entry((settings.stream.to_owned(), settings.name.clone()))
            .or_insert_with(|| Consumer::new(&settings.name, log, Cursor::default()));
        Ok(consumer.clone())
    }

    async fn publish(&self, batch: Vec<PreparedMessage>) -> Result<Vec<Result<(), BusError>>, BusError> {
        let (streams, now) = (self.streams.clone(), self.clock.now());
        let publish = move |db: &Connection| {
            let mut results = Vec::with_capacity(batch.len());
            let mut written = Vec::with_capacity(batch.len());
            for message in batch {
                let result = publish::insert(db, message, &streams, now);
                results.push(result.map(|new| written.extend(new)).map_err(unavailable));
            }
            Ok((results, written))
        };
        let published = self.writer().run_then(publish, |published| {
            // Appended before the result is returned: the publisher then sees the message in the backlog.
            if let Ok((_, written)) = published {
                publish::append(std::mem::take(written));
            }
        });
        Ok(published.await?.0)
    }
}

#[async_trait]
impl Bus for LocalBus {
    async fn declare(&self, stream: &Stream) -> Result<(), BusError> {
        let name = stream.name;
        self.0.run(move |db| streams::declare(db, name)).await?;
        let log = self.0.streams.declared(name);
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
        let prepare =
            |envelope: &Envelope| PreparedMessage::new(self.0.streams.log(envelope.stream())?, envelope.clone());
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
        joined.join(self.0.writer(), consumer.clone()).await?;
        Ok(Box::new(LocalDeliveries(Arc::new(Member { bus: self.0.clone(), consumer: joined }))))
    }

    async fn watch(&self, stream: &str, types: &[&str], from_start: bool) -> Result<Box<dyn Watch>, BusError> {
        Ok(Box::new(LocalWatch::new(self.0.clone(), self.0.streams.log(stream)?, types, from_start)))
    }

    async fn backlog(&self, consumer: &Settings) -> Result<Backlog, BusError> {
        self.0.consumer(consumer)?.backlog(self.0.writer(), consumer).await
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, BusError> {
        let (after, limit) = (i64::try_from(after).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        self.0.run(move |db| dead_letters::list(db, after, limit)).await
    }

    async fn replay(&self, number: u64) -> Result<(), BusError> {
        let row = i64::try_from(number).unwrap_or(i64::MAX);
        let (letter, bus) = (self.0.run(move |db| dead_letters::mark_replayed(db, row)), &self.0);
        let envelope = letter.await?.ok_or(BusError::NoDeadLetter(number))?;
        let message = PreparedMessage::new(bus.streams.log(envelope.stream())?, envelope)?;
        bus.publish(vec![message]).await?.pop().unwrap_or(Ok(()))
    }

    async fn ping(&self) -> Result<(), BusError> {
        self.0.run(|db| db.query_row("SELECT 1", [], |_| Ok(()))).await
    }
}

#[cfg(test)]
mod tests;
