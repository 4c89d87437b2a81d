use super::Cursor;
use crate::local::Seq;

/// Changes that are not in the database yet.
#[derive(Default)]
pub(in crate::local) struct Changes {
    pub(in crate::local) position: Seq,
    pub(in crate::local) kept: Vec<(Seq, u32)>,
    pub(in crate::local) removed: Vec<Seq>,
}

impl Cursor {
    /// The changes to write; from now on they count as written.
    pub(in crate::local) fn take_changes(&mut self) -> Changes {
        let mut kept = Vec::with_capacity(self.changed.len());
        for seq in std::mem::take(&mut self.changed) {
            if let Some(entry) = self.entries.get_mut(&seq) {
                entry.is_stored = true;
                kept.push((seq, entry.attempts));
            }
        }
        Changes { position: self.position, kept, removed: std::mem::take(&mut self.removed) }
    }

    /// Puts changes back that could not be written.
    pub(in crate::local) fn restore(&mut self, changes: Changes) {
        self.changed.extend(changes.kept.iter().map(|(seq, _)| *seq).filter(|seq| self.entries.contains_key(seq)));
        self.removed.extend(changes.removed);
    }
}
