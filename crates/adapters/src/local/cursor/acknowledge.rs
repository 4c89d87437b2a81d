use std::time::Duration;

use tokio::time::Instant;

use super::Cursor;
use super::entry::{Entry, Phase};
use crate::local::Seq;

/// How long after it failed making a message a dead letter is tried again.
const REJECT_RETRY_DELAY: Duration = Duration::from_secs(1);

impl Cursor {
    /// The message is finished. Returns its entry.
    pub(in crate::local) fn remove(&mut self, seq: Seq) -> Option<Entry> {
        let entry = self.entries.remove(&seq)?;
        self.unschedule(seq, entry.phase);
        self.changed.remove(&seq);
        if entry.is_stored {
            self.removed.push(seq);
        }
        Some(entry)
    }

    /// Puts a message back that could not be made a dead letter.
    pub(in crate::local) fn put_back(&mut self, entry: Entry, now: Instant) {
        let (seq, until) = (entry.message.seq, now + REJECT_RETRY_DELAY);
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
        if phase != Phase::InProgress || entry.attempts != attempt {
            return true;
        }
        let is_last = attempt >= max_deliveries;
        entry.phase = if is_last { Phase::Rejecting } else { Phase::Waiting(moment) };
        self.unschedule(seq, phase);
        if !is_last {
            self.due.insert((moment, seq));
        }
        !is_last
    }

    /// The delivery was dropped without an acknowledgement: the next follows after `ack_wait`, or the
    /// message becomes a dead letter then. Returns `false` if it had been acknowledged.
    pub(in crate::local) fn abandon(&mut self, seq: Seq, attempt: u32, now: Instant) -> bool {
        let Some(until) = self.settings.as_ref().map(|settings| now + settings.ack_wait) else { return false };
        let Some(entry) = self.entries.get_mut(&seq) else { return false };
        let is_abandoned = entry.phase == Phase::InProgress && entry.attempts == attempt;
        if is_abandoned {
            entry.phase = Phase::Waiting(until);
            self.in_progress -= 1;
            self.due.insert((until, seq));
        }
        is_abandoned
    }

    fn unschedule(&mut self, seq: Seq, phase: Phase) {
        match phase {
            Phase::InProgress => self.in_progress -= 1,
            Phase::Waiting(moment) => {
                self.due.remove(&(moment, seq));
            }
            Phase::LeftBehind | Phase::Ready(_) | Phase::Rejecting => {}
        }
    }
}
