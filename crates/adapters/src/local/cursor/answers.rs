use std::time::Duration;

use tokio::time::Instant;

use super::Cursor;
use super::entry::{Entry, Phase};
use crate::local::Seq;

/// When burying a message failed, it is tried again after this.
const BURY_AGAIN: Duration = Duration::from_secs(1);

impl Cursor {
    /// The message is done with. Returns what was known of it.
    pub(in crate::local) fn remove(&mut self, seq: Seq) -> Option<Entry> {
        let entry = self.entries.remove(&seq)?;
        self.unschedule(seq, entry.phase);
        self.changed.remove(&seq);
        if entry.is_stored {
            self.removed.push(seq);
        }
        Some(entry)
    }

    /// Takes a message back that could not be buried.
    pub(in crate::local) fn put_back(&mut self, entry: Entry, now: Instant) {
        let (seq, until) = (entry.message.seq, now + BURY_AGAIN);
        self.entries.insert(seq, Entry { phase: Phase::Waiting(until), is_stored: false, ..entry });
        self.due.insert((until, seq));
        self.changed.insert(seq);
    }

    /// Delivers the message again at `moment`, unless that delivery is not the latest any more.
    /// Returns `false` if it has been delivered for the last time.
    pub(in crate::local) fn retry(&mut self, seq: Seq, attempt: u32, moment: Instant) -> bool {
        let max_deliveries = self.settings.as_ref().map_or(u32::MAX, |settings| settings.max_deliveries);
        let Some(entry) = self.entries.get_mut(&seq) else { return true };
        let phase = entry.phase;
        if !matches!(phase, Phase::Out(_)) || entry.attempts != attempt {
            return true;
        }
        let is_last = attempt >= max_deliveries;
        entry.phase = if is_last { Phase::Burying } else { Phase::Waiting(moment) };
        self.unschedule(seq, phase);
        if !is_last {
            self.due.insert((moment, seq));
        }
        !is_last
    }

    /// Puts off the redelivery of a message that is still being worked on.
    pub(in crate::local) fn keep(&mut self, seq: Seq, attempt: u32, now: Instant) {
        let Some(until) = self.settings.as_ref().map(|settings| now + settings.ack_wait) else { return };
        let Some(entry) = self.entries.get_mut(&seq) else { return };
        if let Phase::Out(before) = entry.phase
            && entry.attempts == attempt
        {
            entry.phase = Phase::Out(until);
            self.due.remove(&(before, seq));
            self.due.insert((until, seq));
        }
    }

    fn unschedule(&mut self, seq: Seq, phase: Phase) {
        if let Phase::Out(moment) | Phase::Waiting(moment) = phase {
            self.due.remove(&(moment, seq));
        }
        if matches!(phase, Phase::Out(_)) {
            self.out -= 1;
        }
    }
}
