//! Editions of a ticket: what an order is made of.

use serde::{Deserialize, Serialize};

/// How often a ticket's seller has changed what it is or costs. Locks and sales leave it alone, other
/// than the ticket's [`Version`](crate::version::Version).
///
/// An order is made of one edition. Before an edit, the edition that it replaces is closed in the orders
/// service, so that no order can be made of it any more (invariant I13).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Edition(pub u32);

impl Edition {
    /// The edition of a ticket as it was listed.
    pub const FIRST: Self = Self(0);

    /// The edition after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// Whether it is the edition as listed, which events leave out.
    pub fn is_first(&self) -> bool {
        *self == Self::FIRST
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
