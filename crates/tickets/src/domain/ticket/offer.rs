use common::events::EventDetails;
use common::money::{Currency, Price};
use common::time::Timestamp;

use crate::domain::{DetailEdits, Edit, Event, EventStatus, InvalidDelivery, PriceCap};

/// Why nobody could buy what a seller offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidOffer {
    /// Less than can be paid.
    #[error("Price must be at least {} {}", .0.minimum(), .0.code().to_uppercase())]
    BelowMinimum(Currency),
    /// What has begun is not for sale.
    #[error("Start must be in the future")]
    Begun,
    /// Tickets to one event are all in its currency, so that they can be compared.
    #[error("Currency must be {}, as of all tickets to this event", .0.code().to_uppercase())]
    OtherCurrency(Currency),
    /// More than the operator allows for what is printed on it.
    #[error("Price must be at most {highest} {} for tickets of this tier", .currency.code().to_uppercase())]
    AbovePriceCap {
        /// What is allowed.
        highest: Price,
        /// The event's.
        currency: Currency,
    },
    /// Nobody gets in.
    #[error("This event is cancelled")]
    Cancelled,
    /// It would not come to its buyer as is promised.
    #[error(transparent)]
    Delivery(#[from] InvalidDelivery),
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

/// Whether the operator allows this price for a ticket of its tier of the event that it is said to be to.
pub(super) fn check_cap(
    price: Price,
    cap: Option<PriceCap>,
    of_event: &Edit<Box<Event>>,
    tier: Option<&str>,
) -> Result<(), InvalidOffer> {
    let (Edit::Set(event), Some(cap), Some(tier)) = (of_event, cap, tier) else { return Ok(()) };
    match event.highest_price(tier, cap) {
        Some(highest) if price > highest => Err(InvalidOffer::AbovePriceCap { highest, currency: event.currency }),
        Some(_) | None => Ok(()),
    }
}

/// The currency of a ticket: that of its event, if it is to one.
///
/// `wanted` is what the seller asks for, `present` what the ticket has had and to which event, if it is an old one.
pub(super) fn currency(
    wanted: Option<Currency>,
    edits: &DetailEdits,
    present: Option<(Currency, &EventDetails)>,
) -> Result<Currency, InvalidOffer> {
    let before = present.map(|(currency, _)| currency);
    let of_event = match &edits.of_event {
        Edit::Set(event) if event.status == EventStatus::Cancelled => return Err(InvalidOffer::Cancelled),
        Edit::Set(event) => Some(event.currency),
        Edit::Keep => before.filter(|_| present.is_some_and(|(_, details)| details.event_id.is_some())),
        Edit::Clear => None,
    };
    match (of_event, wanted) {
        // Also of an old ticket: 10 dollars do not become 10 euros because nobody has mentioned a currency.
        (Some(currency), wanted) if wanted.or(before).is_some_and(|other| other != currency) => {
            Err(InvalidOffer::OtherCurrency(currency))
        }
        (Some(currency), _) | (None, Some(currency)) => Ok(currency),
        (None, None) => Ok(before.unwrap_or_default()),
    }
}
