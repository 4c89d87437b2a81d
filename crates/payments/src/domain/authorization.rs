use super::intent::IntentId;

/// What became of an attempt to authorise a payment, as far as Stripe has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Authorization {
    /// The money is set aside.
    Authorized(IntentId),
    /// The card was refused, for a reason that the buyer may read.
    Declined(String),
    /// The request made no sense to Stripe, such as an unknown token; no card was tried.
    Rejected(String),
}
