use common::events::EventDetails;
use common::money::{Currency, Price};
use common::time::Timestamp;

/// Why nobody could buy what a seller offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidOffer {
    /// Less than can be paid.
    #[error("Price must be at least {} {}", .0.minimum(), .0.code().to_uppercase())]
    BelowMinimum(Currency),
    /// What has begun is not for sale.
    #[error("Start must be in the future")]
    Begun,
}

/// Whether a ticket can be bought for this price at `now`.
pub(super) fn check(
    price: Price,
    currency: Currency,
    details: &EventDetails,
    now: Timestamp,
) -> Result<(), InvalidOffer> {
    if price < currency.minimum() {
        return Err(InvalidOffer::BelowMinimum(currency));
    }
    match details.starts_at {
        Some(begins) if begins <= now => Err(InvalidOffer::Begun),
        Some(_) | None => Ok(()),
    }
}
