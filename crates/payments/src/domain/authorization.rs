use super::buyer_action::BuyerAction;
use super::card::Card;
use super::intent::IntentId;

/// What Stripe says about an attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AttemptReport {
    /// Which attempt.
    pub(crate) attempt: u32,
    /// What became of it.
    pub(crate) authorization: Authorization,
    /// The card, once Stripe names it.
    pub(crate) card: Option<Card>,
}

/// What became of an attempt to authorise a payment, as far as Stripe has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Authorization {
    /// The money is set aside.
    Authorized(IntentId),
    /// The bank waits for the buyer to confirm.
    ActionRequired(IntentId, BuyerAction),
    /// Stripe is still working on it.
    Processing(IntentId),
    /// The card was refused, for a reason that the buyer may read.
    Declined(Option<IntentId>, String),
    /// The buyer did not confirm, or could not: the card itself was not refused.
    Unconfirmed(IntentId),
    /// The intent was cancelled, by somebody else.
    Cancelled(IntentId),
    /// The request made no sense to Stripe, such as an unknown token; no card was tried.
    Rejected(String),
    /// Stripe took no request of ours: no card was tried.
    NotTaken,
    /// Stripe repeats a failure, and will not say what became of it. An intent that it may have made is given up
    /// as soon as a webhook names it.
    Lost,
}

impl Authorization {
    /// The intent on which money is set aside, or may yet be.
    pub(crate) fn open_intent(&self) -> Option<&IntentId> {
        match self {
            Self::Authorized(intent)
            | Self::ActionRequired(intent, _)
            | Self::Processing(intent)
            | Self::Unconfirmed(intent) => Some(intent),
            Self::Declined(..) | Self::Cancelled(_) | Self::Rejected(_) | Self::NotTaken | Self::Lost => None,
        }
    }

    /// The intent it is about, if Stripe has named it.
    pub(crate) fn intent(&self) -> Option<&IntentId> {
        match self {
            Self::Authorized(intent)
            | Self::ActionRequired(intent, _)
            | Self::Processing(intent)
            | Self::Unconfirmed(intent)
            | Self::Cancelled(intent) => Some(intent),
            Self::Declined(intent, _) => intent.as_ref(),
            Self::Rejected(_) | Self::NotTaken | Self::Lost => None,
        }
    }
}
