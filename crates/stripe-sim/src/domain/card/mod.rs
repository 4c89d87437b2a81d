//! Test cards, and what banks do with them. <https://docs.stripe.com/testing>

mod brand;
mod decline;
mod test_cards;

pub(crate) use brand::Brand;
pub(crate) use decline::Decline;
pub(crate) use test_cards::CardNumberError;

use serde::{Deserialize, Serialize};

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// Missing in tokens of declined cards that were stored before cards had a face.
    #[serde(default)]
    pub(crate) brand: Brand,
    /// The last digits of its number.
    #[serde(default)]
    pub(crate) last4: String,
    #[serde(flatten)]
    pub(crate) behaviour: Behaviour,
}

/// What happens to payments with a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "behaviour", rename_all = "snake_case")]
pub(crate) enum Behaviour {
    /// Every charge succeeds.
    Good,
    /// Charges succeed; refunds are pending first, and succeed a little later.
    RefundsPend,
    /// Charges succeed; refunds succeed first, and fail a little later.
    RefundsFail,
    /// Charges succeed, and the holder disputes them.
    IsDisputed,
    /// Every charge is declined.
    Declined { decline: Decline },
    /// The bank requires the holder to authenticate.
    NeedsAuthentication,
    /// The bank requires the holder to authenticate, and declines all the same.
    DeclinedAfterAuthentication { decline: Decline },
}
