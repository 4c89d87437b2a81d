use std::time::Duration;

use common::errors::ErrorEntry;
use http::StatusCode;
use ports::store::{Conflict, StoreError};
use runtime::NoAnswer;
use runtime::http::ApiError;
use runtime::limits::{time_to_wait, whole_seconds};

use crate::domain::{ChangeRefused, InvalidEvent, InvalidOffer, InvalidTier};
use crate::live::NoLiveChanges;
use crate::store::{ONE_LISTING_PER_DESCRIPTION, ONE_LISTING_PER_SEAT};

/// Why a request about tickets is refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TicketsError {
    /// There is no such ticket.
    #[error("there is no such ticket")]
    NotFound,
    /// Nobody could buy it.
    #[error(transparent)]
    InvalidOffer(#[from] InvalidOffer),
    /// It cannot be changed.
    #[error(transparent)]
    ChangeRefused(#[from] ChangeRefused),
    /// An event begins too soon, or is cancelled.
    #[error(transparent)]
    InvalidEvent(#[from] InvalidEvent),
    /// The ticket is to an event that nobody has added.
    #[error("There is no such event")]
    NoSuchEvent,
    /// The event has no such tickets.
    #[error(transparent)]
    InvalidTier(#[from] InvalidTier),
    /// The seller has listed the same seat before.
    #[error("You are selling this seat already")]
    SeatListed,
    /// The seller has listed a seat before that is described so.
    #[error("You are selling this seat already")]
    SeatDescribed,
    /// The seller has as many tickets for sale as one may.
    #[error(
        "You have {0} tickets for sale, which is as many as one may: withdraw some that nobody will buy any more, \
         or wait until others are sold"
    )]
    TooManyListings(u32),
    /// Somebody has added as many events as one may in a while.
    #[error("You have added many events lately. Please try again {}", time_to_wait(*retry_after))]
    TooManyEvents {
        /// When there may be another.
        retry_after: Duration,
    },
    /// Its address has as many searches under way as one may.
    #[error("Too many searches from your network at once, please try again in a moment")]
    TooManySearches,
    /// Too many others are changing it.
    #[error("too many changes at once")]
    Busy,
    /// Whether orders has closed the edition is not known.
    #[error(transparent)]
    NoAnswer(NoAnswer),
    /// It cannot be followed live.
    #[error(transparent)]
    NoLiveChanges(#[from] NoLiveChanges),
    /// The database failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for TicketsError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(Conflict::Unique(ONE_LISTING_PER_SEAT)) => Self::SeatListed,
            StoreError::Conflict(Conflict::Unique(ONE_LISTING_PER_DESCRIPTION)) => Self::SeatDescribed,
            error => Self::Store(error),
        }
    }
}

impl From<TicketsError> for ApiError {
    fn from(error: TicketsError) -> Self {
        match error {
            TicketsError::NotFound => Self::not_found(),
            TicketsError::InvalidOffer(offer) | TicketsError::ChangeRefused(ChangeRefused::Invalid(offer)) => {
                invalid_offer(offer)
            }
            TicketsError::ChangeRefused(ChangeRefused::NotTheSeller) => Self::not_the_owner(),
            TicketsError::ChangeRefused(ChangeRefused::Reserved) => {
                Self::bad_request("ticket_reserved", "Cannot edit a reserved ticket")
            }
            TicketsError::ChangeRefused(ChangeRefused::Withdrawn) => {
                Self::bad_request("ticket_withdrawn", "This ticket is withdrawn")
            }
            TicketsError::ChangeRefused(ChangeRefused::ChangedSince) => {
                Self::conflict("ticket_changed", "The ticket has been changed since you saw it")
            }
            TicketsError::InvalidEvent(InvalidEvent::Begun) => invalid("startsAt", &error),
            TicketsError::InvalidEvent(InvalidEvent::LongVenue) => invalid("venue.name", &error),
            TicketsError::InvalidEvent(InvalidEvent::Cancelled) => {
                Self::bad_request("event_cancelled", error.to_string())
            }
            TicketsError::NoSuchEvent => invalid("eventId", &error),
            TicketsError::InvalidTier(_) => invalid("tier", &error),
            TicketsError::SeatListed | TicketsError::SeatDescribed => {
                Self::invalid(vec![ErrorEntry::new("seat_listed", error.to_string()).of_field("seat")])
            }
            TicketsError::TooManySearches => {
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_searches", error.to_string()).retry_after(1)
            }
            TicketsError::TooManyEvents { retry_after } => {
                let seconds = whole_seconds(retry_after).max(1);
                Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_events", error.to_string()).retry_after(seconds)
            }
            TicketsError::TooManyListings(_) => Self::bad_request("too_many_listings", error.to_string()),
            TicketsError::ChangeRefused(ChangeRefused::Overtaken | ChangeRefused::Needless) | TicketsError::Busy => {
                Self::unavailable()
            }
            TicketsError::NoAnswer(NoAnswer(reason)) => {
                tracing::warn!(reason, "a ticket cannot be changed without the orders service");
                Self::unavailable()
            }
            TicketsError::NoLiveChanges(NoLiveChanges) => Self::unavailable(),
            TicketsError::Store(error) => error.into(),
        }
    }
}

fn invalid(field: &str, error: &TicketsError) -> ApiError {
    ApiError::invalid(vec![ErrorEntry::new("invalid_field", error.to_string()).of_field(field)])
}

fn invalid_offer(offer: InvalidOffer) -> ApiError {
    let (code, field) = match offer {
        InvalidOffer::BelowMinimum(_) => ("invalid_field", "price"),
        InvalidOffer::AbovePriceCap { .. } => ("price_above_cap", "price"),
        InvalidOffer::Begun => ("invalid_field", "startsAt"),
        InvalidOffer::OtherCurrency(_) => ("invalid_field", "currency"),
        InvalidOffer::Cancelled => ("invalid_field", "eventId"),
        InvalidOffer::Delivery(delivery) => ("invalid_field", delivery.field()),
    };
    ApiError::invalid(vec![ErrorEntry::new(code, offer.to_string()).of_field(field)])
}
