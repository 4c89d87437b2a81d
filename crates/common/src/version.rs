//! Versions of aggregates, and the one rule by which copies of them advance.

use serde::{Deserialize, Serialize};

/// How many changes of an aggregate have been published: 0 when it is made, one more with each
/// published change. Other services apply its events strictly in this order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = u64, minimum = 0))]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// The version of a new aggregate.
    pub const FIRST: Self = Self(0);

    /// The version after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An aggregate as it stands at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<A> {
    /// The version.
    pub version: Version,
    /// The aggregate.
    pub value: A,
}

impl<A> std::ops::Deref for Versioned<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.value
    }
}

/// How an incoming version relates to what a replica has already applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// The next one: apply it.
    Next,
    /// Already applied: acknowledge and ignore it.
    Duplicate,
    /// Its predecessor has not arrived yet: try again later.
    Gap,
}

impl Sequence {
    /// The versioned-replica rule (invariant I3): version n is applied only after n-1.
    /// `applied` is the replica's version, `None` if it has none yet.
    pub fn of(incoming: Version, applied: Option<Version>) -> Self {
        let expected = applied.map_or(Version::FIRST, Version::next);
        match incoming.cmp(&expected) {
            std::cmp::Ordering::Less => Self::Duplicate,
            std::cmp::Ordering::Equal => Self::Next,
            std::cmp::Ordering::Greater => Self::Gap,
        }
    }
}

/// What it means if a replica has not applied the predecessors of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// They are on their way, and come first (invariant I3).
    Awaited,
    /// They may have been superseded before the replica's consumer existed, and never come. Only a
    /// [`WholeState`](crate::events::WholeState) can be applied without them.
    Superseded,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_applies_each_version_once_and_in_order() {
        assert_eq!(Sequence::of(Version(0), None), Sequence::Next);
        assert_eq!(Sequence::of(Version(1), None), Sequence::Gap);
        assert_eq!(Sequence::of(Version(3), Some(Version(2))), Sequence::Next);
        assert_eq!(Sequence::of(Version(2), Some(Version(2))), Sequence::Duplicate);
        assert_eq!(Sequence::of(Version(4), Some(Version(2))), Sequence::Gap);
    }
}
