use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use common::events::Envelope;
use ports::bus::{BusError, Watch, Watched};
use tokio::sync::watch::Receiver;

use super::Seq;
use super::bus::Shared;
use super::log::{self, Ahead, Log, Message};

/// How many messages are read from the database at once.
const FETCH: usize = 256;

/// A watcher of a stream.
pub(super) struct LocalWatch {
    bus: Arc<Shared>,
    log: Arc<Log>,
    last: Receiver<Seq>,
    types: Vec<String>,
    position: Seq,
    /// Read from the database, not returned yet.
    fetched: VecDeque<Arc<Message>>,
    /// Where the stream ended when the watch began, until that has been reported.
    caught_up_at: Option<Seq>,
}

impl LocalWatch {
    pub(super) fn new(bus: Arc<Shared>, log: Arc<Log>, types: &[&str], from_start: bool) -> Self {
        let last = log.last();
        let end = *last.borrow();
        let position = if from_start { 0 } else { end };
        let types = types.iter().map(|&kind| kind.to_owned()).collect();
        Self { bus, log, last, types, position, fetched: VecDeque::new(), caught_up_at: Some(end) }
    }

    fn wants(types: &[String], envelope: &Envelope) -> bool {
        // A replay is for one consumer only; all others have seen the event before.
        envelope.replay_for.is_none() && types.contains(&envelope.kind)
    }

    /// The next message to return, or `None` at the end of the stream.
    async fn advance(&mut self) -> Result<Option<Arc<Message>>, BusError> {
        loop {
            if let Some(message) = self.fetched.pop_front() {
                self.position = message.seq;
                if Self::wants(&self.types, &message.envelope) {
                    return Ok(Some(message));
                }
                continue;
            }
            match self.log.ahead(self.position, |envelope| Self::wants(&self.types, envelope)) {
                Ahead::Found(message) => return Ok(Some(message)),
                Ahead::End(position) => {
                    self.position = self.position.max(position);
                    return Ok(None);
                }
                Ahead::NotInMemory => {
                    let (stream, position, last) = (self.log.name.clone(), self.position, *self.last.borrow());
                    self.fetched = self.bus.run(move |db| log::read(db, &stream, position, FETCH)).await?.into();
                    if self.fetched.is_empty() {
                        // All messages up to here have become too old and are gone.
                        self.position = self.position.max(last);
                    }
                }
            }
        }
    }
}

#[async_trait]
impl Watch for LocalWatch {
    async fn next(&mut self) -> Result<Watched, BusError> {
        loop {
            let message = self.advance().await?;
            let position = message.as_ref().map_or(self.position, |message| message.seq);
            if self.caught_up_at.is_some_and(|end| position > end || (message.is_none() && position >= end)) {
                self.caught_up_at = None;
                // A message found already is found again by the next call.
                if let Some(message) = message {
                    self.fetched.push_front(message);
                }
                return Ok(Watched::CaughtUp);
            }
            if let Some(message) = message {
                self.position = message.seq;
                return Ok(Watched::Event(message.envelope.clone()));
            }
            let position = self.position;
            if self.last.wait_for(|last| *last > position).await.is_err() {
                return Err(BusError::Unavailable("the log is closed".into()));
            }
        }
    }
}
