use std::fmt;

use common::id::Id;
use common::time::Timestamp;

/// A violated invariant.
#[derive(Debug, Clone)]
pub(in crate::processes) struct Violation {
    /// The invariant.
    pub(in crate::processes) rule: &'static str,
    /// What is wrong.
    pub(in crate::processes) what: String,
    /// When the violation began, if that is known.
    pub(in crate::processes) began: Option<Timestamp>,
}

impl Violation {
    pub(super) fn new(rule: &'static str, what: impl Into<String>) -> Self {
        Self { rule, what: what.into(), began: None }
    }

    /// Something that was seen at this moment.
    pub(in crate::processes) fn seen(rule: &'static str, what: &str, at: Timestamp) -> Self {
        Self { began: Some(at), ..Self::new(rule, what) }
    }

    /// The system does not become idle.
    pub(in crate::processes) fn unrest(what: &str) -> Self {
        Self::new("not at rest", what)
    }

    /// About something created at the time encoded in its id.
    pub(super) fn about<T>(self, id: Id<T>) -> Self {
        Self { began: Some(id.made_at()), ..self }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.what)
    }
}
