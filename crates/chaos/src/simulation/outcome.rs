use std::time::Duration;

use super::history::{self, Entry};

/// The outcome of a seed.
#[derive(Debug)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// The violated invariants.
    pub violations: Vec<Violation>,
    /// A hash that two runs share only if everything happened the same in both.
    pub fingerprint: u64,
    /// How much virtual time it took.
    pub lasted: Duration,
    pub(super) entries: Vec<Entry>,
}

/// A violated invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its number: `I1`.
    pub invariant: &'static str,
    /// What was observed.
    pub seen: String,
}

impl Outcome {
    /// Whether every invariant held.
    pub fn held(&self) -> bool {
        self.violations.is_empty()
    }

    /// The history, line by line, and the violations.
    pub fn story(&self) -> String {
        let mut story = history::render(&self.entries);
        for Violation { invariant, seen } in &self.violations {
            story.push_str(&format!("VIOLATED {invariant}: {seen}\n"));
        }
        story
    }

    /// The number of entries of the history.
    pub fn events(&self) -> usize {
        self.entries.len()
    }
}
