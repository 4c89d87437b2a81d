use std::time::Duration;

use super::history::{self, Entry};

/// What came of a seed.
#[derive(Debug)]
pub struct Outcome {
    /// Which seed.
    pub seed: u64,
    /// What should always have held, and did not.
    pub violations: Vec<Violation>,
    /// A number that two runs share only if everything happened the same in both.
    pub fingerprint: u64,
    /// How much virtual time it took.
    pub lasted: Duration,
    pub(super) entries: Vec<Entry>,
}

/// An invariant that did not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which: `I1`.
    pub invariant: &'static str,
    /// What was seen.
    pub seen: String,
}

impl Outcome {
    /// Whether everything held.
    pub fn held(&self) -> bool {
        self.violations.is_empty()
    }

    /// What happened, line by line, and what was wrong with it.
    pub fn story(&self) -> String {
        let mut story = history::render(&self.entries);
        for Violation { invariant, seen } in &self.violations {
            story.push_str(&format!("VIOLATED {invariant}: {seen}\n"));
        }
        story
    }

    /// How many things happened.
    pub fn events(&self) -> usize {
        self.entries.len()
    }
}
