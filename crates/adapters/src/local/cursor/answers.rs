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
        if phase != Phase::Out || entry.attempts != attempt {
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

    /// The delivery is in nobody's hands any more, without an answer: the next follows after
    /// `ack_wait`, or the message is given up then. Returns `false` if it was answered.
    pub(in crate::local) fn abandon(&mut self, seq: Seq, attempt: u32, now: Instant) -> bool {
        let Some(until) = self.settings.as_ref().map(|settings| now + settings.ack_wait) else { return false };
        let Some(entry) = self.entries.get_mut(&seq) else { return false };
        let is_unanswered = entry.phase == Phase::Out && entry.attempts == attempt;
        if is_unanswered {
            entry.phase = Phase::Waiting(until);
            self.out -= 1;
            self.due.insert((until, seq));
        }
        is_unanswered
    }

    fn unschedule(&mut self, seq: Seq, phase: Phase) {
        match phase {
            Phase::Out => self.out -= 1,
            Phase::Waiting(moment) => {
                self.due.remove(&(moment, seq));
            }
            Phase::LeftBehind | Phase::Ready(_) | Phase::Burying => {}
        }
    }
}
