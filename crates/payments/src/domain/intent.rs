use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a PaymentIntent at Stripe: `pi_…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct IntentId(pub(crate) String);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What Stripe says about an intent. The last two never change any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IntentStatus {
    /// No money is set aside.
    NotAuthorized,
    /// The bank waits for the buyer, who may set the money aside at any time.
    AwaitingBuyer,
    /// Stripe is still working on it.
    Processing,
    /// The money is set aside, not taken.
    Authorized,
    /// The money is taken.
    Captured,
    /// The money will never be taken.
    Cancelled,
}

impl IntentStatus {
    /// Whether money is set aside, or may yet be.
    pub(crate) fn is_open(self) -> bool {
        match self {
            Self::AwaitingBuyer | Self::Processing | Self::Authorized => true,
            Self::NotAuthorized | Self::Captured | Self::Cancelled => false,
        }
    }
}
