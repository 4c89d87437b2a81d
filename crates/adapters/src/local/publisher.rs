use std::sync::Arc;

use common::events::Envelope;
use common::time::Timestamp;
use ports::bus::BusError;
use ports::clock::Clock;
use rusqlite::Connection;

use super::publish::{self, PreparedMessage, Written};
use super::streams::{self, Streams};

/// Publishes events within the commits of a store in the same database.
#[derive(Clone)]
pub(crate) struct Publisher {
    streams: Arc<Streams>,
    clock: Clock,
}

/// Events that are ready to be published, in their order.
pub(crate) struct PreparedEvents {
    messages: Vec<PreparedMessage>,
    publisher: Publisher,
    now: Timestamp,
}

/// Events that have been written, and are seen by nobody yet.
#[derive(Default)]
#[must_use]
pub(crate) struct WrittenEvents(Vec<Written>);

impl Publisher {
    pub(super) fn new(streams: Arc<Streams>, clock: Clock) -> Self {
        Self { streams, clock }
    }

    /// Prepares the events of one commit.
    ///
    /// # Errors
    /// If their stream is not declared yet.
    pub(crate) fn prepare(&self, events: Vec<Envelope>) -> Result<PreparedEvents, BusError> {
        let prepare = |event: Envelope| PreparedMessage::new(self.streams.log(event.stream())?, event);
        let messages = events.into_iter().map(prepare).collect::<Result<_, _>>()?;
        Ok(PreparedEvents { messages, publisher: self.clone(), now: self.clock.now() })
    }

    /// Writes events that another bus was to publish, and declares their streams.
    pub(crate) fn write_left_behind(&self, db: &Connection, events: Vec<Envelope>) -> rusqlite::Result<WrittenEvents> {
        let mut written = Vec::with_capacity(events.len());
        for event in events {
            streams::declare(db, event.stream())?;
            let log = self.streams.declared(event.stream());
            let message = PreparedMessage::new(log, event)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
            written.extend(publish::insert(db, message, &self.streams, self.clock.now())?);
        }
        Ok(WrittenEvents(written))
    }
}

impl PreparedEvents {
    /// Writes them to the log; those whose ids are in it are left out.
    pub(crate) fn write(self, db: &Connection) -> rusqlite::Result<WrittenEvents> {
        let Self { messages, publisher, now } = self;
        let mut written = Vec::with_capacity(messages.len());
        for message in messages {
            written.extend(publish::insert(db, message, &publisher.streams, now)?);
        }
        Ok(WrittenEvents(written))
    }
}

impl WrittenEvents {
    /// Shows them to the streams' readers, once they are committed.
    pub(crate) fn show(self) {
        publish::append(self.0);
    }
}
