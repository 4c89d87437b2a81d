use serde::{Deserialize, Serialize};

/// The id of a PaymentIntent at Stripe: `pi_…`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub String);

impl std::fmt::Display for IntentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How an intent stands at Stripe. The last two never change any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntentTruth {
    /// No money is set aside.
    NotAuthorized,
    /// Stripe is still at it.
    Processing,
    /// The money is set aside, not taken.
    Authorized,
    /// The money is taken.
    Captured,
    /// The money will never be taken.
    Cancelled,
}
