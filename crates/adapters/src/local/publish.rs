use std::sync::Arc;

use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::BusError;
use rusqlite::{Connection, params};

use super::log::{Log, Message};
use super::streams::Streams;

/// A message ready to be written to the log.
pub(super) struct PreparedMessage {
    log: Arc<Log>,
    envelope: Arc<Envelope>,
    json: String,
}

/// A message that has been written, to be appended to its stream once that is committed.
pub(super) type Written = (Arc<Log>, Arc<Message>);

impl PreparedMessage {
    pub(super) fn new(log: Arc<Log>, envelope: Envelope) -> Result<Self, BusError> {
        let json = serde_json::to_string(&envelope).map_err(|error| BusError::Malformed(error.to_string()))?;
        Ok(Self { log, envelope: Arc::new(envelope), json })
    }
}

/// Writes a message under the next number, unless the stream has one with its id.
pub(super) fn insert(
    db: &Connection,
    prepared: PreparedMessage,
    streams: &Streams,
    now: Timestamp,
) -> rusqlite::Result<Option<Written>> {
    let PreparedMessage { log, envelope, json } = prepared;
    let seq = streams.next_seq();
    let inserted = db
        .prepare_cached(
            "INSERT INTO messages (seq, stream, id, kind, published_ms, envelope) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (stream, id) DO NOTHING",
        )?
        .execute(params![seq, log.name, envelope.id, envelope.kind, now.as_millis(), json])?;
    Ok((inserted == 1).then(|| (log, Arc::new(Message { seq, envelope }))))
}

/// Appends committed messages to their streams, where readers see them.
pub(super) fn append(committed: impl IntoIterator<Item = Written>) {
    let mut committed = committed.into_iter().peekable();
    while let Some((log, message)) = committed.next() {
        let mut run = vec![message];
        while let Some((_, message)) = committed.next_if(|(next, _)| Arc::ptr_eq(next, &log)) {
            run.push(message);
        }
        log.append(run);
    }
}
