//! The state of one durable consumer: which messages it has yet to get, which are in progress, and
//! which are finished.
//!
//! Every message up to `position` is finished, except those in `entries`. The database holds the
//! same two things, a little later.
//!
//! How often a message was delivered must survive a crash, or a message that crashes the process
//! would be delivered forever. A message published in this run is counted lazily; one that was
//! there before, and may have been the cause of the crash, is counted on disk before it is
//! delivered. So every run of the process counts at least once.

mod acknowledge;
mod changes;
mod entry;

pub(super) use changes::Changes;
pub(super) use entry::Entry;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use common::events::Envelope;
use ports::bus::Consumer as Settings;
use tokio::time::Instant;

use super::Seq;
use super::log::{Ahead, Log, Message};
use entry::Phase;

/// How many times `max_unacknowledged` messages may be in progress or waiting for another delivery
/// before new ones are held back.
const WAITING_FACTOR: usize = 16;

/// What a consumer has to do next.
pub(super) enum Action {
    /// Deliver this.
    Deliver(Arc<Message>, u32),
    /// Make this a dead letter.
    Reject(Seq),
    /// Read messages from the database.
    Fetch,
    /// Report that the database could not be read.
    Fail(String),
    /// Wait to be woken, at most until this moment.
    Wait(Option<Instant>),
}

/// See the module's description.
#[derive(Default)]
pub(super) struct Cursor {
    settings: Option<Arc<Settings>>,
    position: Seq,
    entries: BTreeMap<Seq, Entry>,
    due: BTreeSet<(Instant, Seq)>,
    ready: VecDeque<Seq>,
    in_progress: usize,
    changed: BTreeSet<Seq>,
    removed: Vec<Seq>,
    is_fetching: bool,
    /// Why the latest reading failed, until that has been reported.
    failure: Option<String>,
    /// Whether a flush has been submitted and not begun.
    pub(super) is_flush_due: bool,
}

/// Whether a consumer with these settings is to get `envelope`.
pub(super) fn wants(settings: &Settings, envelope: &Envelope) -> bool {
    settings.types.contains(&envelope.kind.as_str())
        && envelope.replay_for.as_ref().is_none_or(|name| *name == settings.name)
}

impl Cursor {
    pub(super) fn restored(position: Seq, left_behind: Vec<(Arc<Message>, u32)>) -> Self {
        let entry = |message: Arc<Message>, attempts| {
            (message.seq, Entry { message, attempts, phase: Phase::LeftBehind, is_stored: true })
        };
        let entries = left_behind.into_iter().map(|(message, attempts)| entry(message, attempts)).collect();
        Self { position, entries, ..Self::default() }
    }

    pub(super) fn position(&self) -> Seq {
        self.position
    }

    /// A member joins: what an earlier process left unacknowledged is to be delivered again.
    pub(super) fn join(&mut self, settings: Settings) {
        for (seq, entry) in &mut self.entries {
            if entry.phase != Phase::LeftBehind {
                continue;
            }
            if entry.attempts >= settings.delivery_limit() {
                // Found by the next call of `next_action`, and made a dead letter.
                let now = Instant::now();
                entry.phase = Phase::Waiting(now);
                self.due.insert((now, *seq));
            } else {
                entry.attempts += 1;
                entry.phase = Phase::Ready(true);
                self.changed.insert(*seq);
                self.ready.push_back(*seq);
            }
        }
        self.settings = Some(Arc::new(settings));
    }

    /// What to do at `now`.
    pub(super) fn next_action(&mut self, log: &Log, now: Instant) -> Action {
        let Some(settings) = self.settings.clone() else { return Action::Wait(None) };
        while let Some((moment, seq)) = self.due.first().copied().filter(|(moment, _)| *moment <= now) {
            self.due.remove(&(moment, seq));
            let Some(entry) = self.entries.get_mut(&seq) else { continue };
            if entry.attempts >= settings.delivery_limit() {
                entry.phase = Phase::Rejecting;
                return Action::Reject(seq);
            }
            entry.phase = Phase::Ready(false);
            self.ready.push_back(seq);
        }
        if self.in_progress >= settings.max_unacknowledged {
            return self.wait();
        }
        while let Some(seq) = self.ready.pop_front() {
            let Some(entry) = self.entries.get_mut(&seq) else { continue };
            let Phase::Ready(is_counted) = entry.phase else { continue };
            if !is_counted {
                entry.attempts += 1;
                self.changed.insert(seq);
            }
            return self.deliver(seq);
        }
        if let Some(failure) = self.failure.take() {
            return Action::Fail(failure);
        }
        if self.is_fetching || self.entries.len() >= settings.max_unacknowledged * WAITING_FACTOR {
            return self.wait();
        }
        match self.ahead(log) {
            Ahead::Found(message) => {
                let seq = message.seq;
                self.position = seq;
                self.add(message, Phase::Ready(true));
                self.deliver(seq)
            }
            Ahead::End(position) => {
                self.position = self.position.max(position);
                self.wait()
            }
            Ahead::NotInMemory => {
                self.is_fetching = true;
                Action::Fetch
            }
        }
    }

    fn ahead(&self, log: &Log) -> Ahead {
        let Some(settings) = &self.settings else { return Ahead::End(self.position) };
        log.ahead(self.position, |envelope| wants(settings, envelope))
    }

    fn add(&mut self, message: Arc<Message>, phase: Phase) {
        let seq = message.seq;
        self.entries.insert(seq, Entry { message, attempts: 1, phase, is_stored: false });
        self.changed.insert(seq);
    }

    fn deliver(&mut self, seq: Seq) -> Action {
        let Some(entry) = self.entries.get_mut(&seq) else { return self.wait() };
        entry.phase = Phase::InProgress;
        self.in_progress += 1;
        Action::Deliver(entry.message.clone(), entry.attempts)
    }

    fn wait(&self) -> Action {
        Action::Wait(self.due.first().map(|(moment, _)| *moment))
    }

    /// Takes messages read from the database of a stream that reached at least to `end`. They
    /// are ready once they are counted on disk, see [`Cursor::fetched`].
    pub(super) fn fetch(&mut self, messages: &[Arc<Message>], end: Seq) -> Vec<Seq> {
        let Some(settings) = self.settings.clone() else { return Vec::new() };
        let wanted: Vec<_> = messages.iter().filter(|message| wants(&settings, &message.envelope)).cloned().collect();
        let added = wanted.iter().map(|message| message.seq).collect();
        for message in wanted {
            self.add(message, Phase::Ready(true));
        }
        // If there was nothing, all messages up to the end have become too old and are gone.
        self.position = self.position.max(messages.last().map_or(end, |last| last.seq));
        added
    }

    /// Fetched messages may be delivered now.
    pub(super) fn fetched(&mut self, added: Result<Vec<Seq>, String>) {
        self.is_fetching = false;
        match added {
            Ok(added) => self.ready.extend(added),
            Err(failure) => self.failure = Some(failure),
        }
    }

    /// How many messages wait for their first delivery in this run, and how many are unacknowledged.
    pub(super) fn load(&self) -> (u64, u64) {
        let is_ready = |entry: &&Entry| matches!(entry.phase, Phase::Ready(_)) && entry.attempts <= 1;
        let ready = self.entries.values().filter(is_ready).count();
        (ready as u64, (self.entries.len() - ready) as u64)
    }
}
