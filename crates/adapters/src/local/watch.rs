use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use common::events::Envelope;
use futures::future::BoxFuture;
use ports::bus::{BusError, Watch, Watched};
use tokio::sync::watch::Receiver;

use super::Seq;
use super::bus::Shared;
use super::log::{self, Ahead, Log, Message};

/// How many messages are read from the database at once. Twice as many may be in memory.
const FETCH: usize = 1024;

/// A watcher of a stream.
pub(super) struct LocalWatch {
    bus: Arc<Shared>,
    log: Arc<Log>,
    last: Receiver<Seq>,
    types: Vec<String>,
    position: Seq,
    /// Read from the database, not returned yet.
    fetched: VecDeque<Arc<Message>>,
    /// What comes after those, if it is being read already.
    fetching: Option<Fetching>,
    /// Where the stream ended when the watch began, until that has been reported.
    caught_up_at: Option<Seq>,
}

/// Messages on their way from the database.
struct Fetching {
    messages: BoxFuture<'static, Result<Vec<Arc<Message>>, BusError>>,
    /// Where the stream ended when that began.
    end: Seq,
}

impl LocalWatch {
    pub(super) fn new(bus: Arc<Shared>, log: Arc<Log>, types: &[&str], from_start: bool) -> Self {
        let last = log.last();
        let end = *last.borrow();
        let position = if from_start { 0 } else { end };
        let types = types.iter().map(|&kind| kind.to_owned()).collect();
        let (fetched, fetching) = (VecDeque::new(), None);
        Self { bus, log, last, types, position, fetched, fetching, caught_up_at: Some(end) }
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
            if self.fetching.is_some() {
                self.receive().await?;
                continue;
            }
            match self.log.ahead(self.position, |envelope| Self::wants(&self.types, envelope)) {
                Ahead::Found(message) => return Ok(Some(message)),
                Ahead::End(position) => {
                    self.position = self.position.max(position);
                    return Ok(None);
                }
                Ahead::NotInMemory => self.fetching = Some(self.fetch_after(self.position)),
            }
        }
    }

    /// Begins to read the messages after `position`.
    fn fetch_after(&self, position: Seq) -> Fetching {
        let (stream, end) = (self.log.name.clone(), *self.last.borrow());
        let messages = Box::pin(self.bus.read(move |db| log::read(db, &stream, position, FETCH)));
        Fetching { messages, end }
    }

    /// Takes over what is being read. While that is returned one by one, what comes after it is read.
    async fn receive(&mut self) -> Result<(), BusError> {
        let Some(Fetching { messages, end }) = &mut self.fetching else { return Ok(()) };
        let (messages, end) = (messages.await, *end);
        self.fetching = None;
        self.fetched = messages?.into();
        match self.fetched.back() {
            // All messages up to here have become too old and are gone.
            None => self.position = self.position.max(end),
            Some(last) if self.fetched.len() == FETCH => self.fetching = Some(self.fetch_after(last.seq)),
            Some(_) => {}
        }
        Ok(())
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
