//! The outcome of a decision of the domain.

/// Whether a decision changed something, and if so, what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Outcome<T> {
    /// Nothing changed: the decision had been made before, or does not apply.
    Unchanged,
    /// This happened.
    Changed(T),
}

impl<T> Outcome<T> {
    /// Whether something changed.
    pub fn is_changed(&self) -> bool {
        matches!(self, Self::Changed(_))
    }

    /// What happened, if anything did.
    pub fn changed(self) -> Option<T> {
        match self {
            Self::Unchanged => None,
            Self::Changed(what) => Some(what),
        }
    }

    /// The same, saying it differently.
    pub fn map<U>(self, say: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Unchanged => Outcome::Unchanged,
            Self::Changed(what) => Outcome::Changed(say(what)),
        }
    }
}
