use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard};

use common::events::Envelope;
use rusqlite::{Connection, params};
use tokio::sync::{Notify, watch};

use super::{Seq, lock};

/// How many of a stream's newest messages are held in memory. A consumer that keeps up never
/// reads the database.
const TAIL: usize = 8192;

/// A message and its number in the log.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) seq: Seq,
    pub(super) envelope: Arc<Envelope>,
}

/// One stream: all of it in the database, its tail in memory.
pub(super) struct Log {
    pub(super) name: String,
    tail: RwLock<Tail>,
    last: watch::Sender<Seq>,
    readers: Mutex<Vec<Arc<Notify>>>,
}

struct Tail {
    /// Every message after this one is in memory.
    from: Seq,
    messages: VecDeque<Arc<Message>>,
}

/// What comes after a position.
pub(super) enum Ahead {
    /// The next message that is wanted.
    Found(Arc<Message>),
    /// Nothing that is wanted up to here, which is the end.
    End(Seq),
    /// Something that has to be read from the database.
    NotInMemory,
}

impl Log {
    pub(super) fn new(name: &str, last: Seq) -> Self {
        Self {
            name: name.to_owned(),
            tail: RwLock::new(Tail { from: last, messages: VecDeque::new() }),
            last: watch::Sender::new(last),
            readers: Mutex::default(),
        }
    }

    /// The newest message's number, now and as it changes.
    pub(super) fn last(&self) -> watch::Receiver<Seq> {
        self.last.subscribe()
    }

    /// Wakes `reader` whenever there are new messages.
    pub(super) fn wake_on_append(&self, reader: Arc<Notify>) {
        lock(&self.readers).push(reader);
    }

    /// Adds messages that have just been committed.
    pub(super) fn append(&self, messages: impl IntoIterator<Item = Arc<Message>>) {
        let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
        tail.messages.extend(messages);
        while tail.messages.len() > TAIL
            && let Some(oldest) = tail.messages.pop_front()
        {
            tail.from = oldest.seq;
        }
        let Some(last) = tail.messages.back().map(|message| message.seq) else { return };
        drop(tail);
        self.last.send_replace(last);
        for reader in lock(&self.readers).iter() {
            reader.notify_one();
        }
    }

    /// Drops the messages before `first`, which are gone from the database.
    pub(super) fn forget(&self, first: Seq) {
        let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
        while let Some(oldest) = tail.messages.pop_front_if(|message| message.seq < first) {
            tail.from = oldest.seq;
        }
    }

    /// Drops these messages, which are gone from the database.
    pub(super) fn remove(&self, gone: &HashSet<Seq>) {
        let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
        tail.messages.retain(|message| !gone.contains(&message.seq));
    }

    /// The first message after `position` that is `wanted`.
    pub(super) fn ahead(&self, position: Seq, wanted: impl Fn(&Envelope) -> bool) -> Ahead {
        let tail = self.tail();
        if position < tail.from {
            return Ahead::NotInMemory;
        }
        let start = tail.messages.partition_point(|message| message.seq <= position);
        match tail.messages.range(start..).find(|message| wanted(&message.envelope)) {
            Some(message) => Ahead::Found(message.clone()),
            None => Ahead::End(tail.messages.back().map_or(tail.from, |message| message.seq)),
        }
    }

    /// How many messages after `position` are `wanted`, if all of them are in memory.
    pub(super) fn count(&self, position: Seq, wanted: impl Fn(&Envelope) -> bool) -> Option<u64> {
        let tail = self.tail();
        let start = tail.messages.partition_point(|message| message.seq <= position);
        let count = || tail.messages.range(start..).filter(|message| wanted(&message.envelope)).count() as u64;
        (position >= tail.from).then(count)
    }

    fn tail(&self) -> RwLockReadGuard<'_, Tail> {
        self.tail.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads at most `limit` messages of `stream` after `position` from the database.
pub(super) fn read(db: &Connection, stream: &str, position: Seq, limit: usize) -> rusqlite::Result<Vec<Arc<Message>>> {
    db.prepare_cached("SELECT seq, envelope FROM messages WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")?
        .query_map(params![stream, position, i64::try_from(limit).unwrap_or(i64::MAX)], message_of)?
        .collect()
}

/// Reads one message, unless it has become too old and is gone.
pub(super) fn read_one(db: &Connection, seq: Seq) -> rusqlite::Result<Option<Arc<Message>>> {
    use rusqlite::OptionalExtension;
    db.prepare_cached("SELECT seq, envelope FROM messages WHERE seq = ?1")?.query_row([seq], message_of).optional()
}

fn message_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Arc<Message>> {
    Ok(Arc::new(Message { seq: row.get(0)?, envelope: Arc::new(envelope_of(row, 1)?) }))
}

/// The envelope in a column.
pub(crate) fn envelope_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Envelope> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
