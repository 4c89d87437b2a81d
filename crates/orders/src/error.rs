use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ports::store::StoreError;
use runtime::http::{ApiError, Validator};
use runtime::limits::{time_to_wait, whole_seconds};

use common::money::{Currency, Price};

use crate::domain::{CancelRefused, NotForSale};

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrdersError {
    /// Fields of the request broke rules.
    #[error("the request is not valid")]
    Invalid(Validator),
    /// Somebody else holds the ticket or has bought it.
    #[error("Ticket is already reserved")]
    TicketReserved,
    /// The ticket is not for sale, or not to this buyer.
    #[error(transparent)]
    NotForSale(#[from] NotForSale),
    /// The ticket costs something else than the buyer has seen.
    #[error("The price is {price} {} now", .currency.code().to_uppercase())]
    PriceChanged {
        /// What it costs now.
        price: Price,
        /// In which currency.
        currency: Currency,
    },
    /// The seller has changed the ticket, and what it is now has not been heard yet.
    #[error("The ticket is being changed, please try again")]
    BeingChanged,
    /// The buyer holds as much as anybody may.
    #[error(
        "You hold {held} tickets that you have not paid for, which is as many as one may: pay for one, cancel one, \
         or try again {}",
        time_to_wait(*retry_after)
    )]
    TooManyReservations {
        /// How many orders they have.
        held: usize,
        /// When the next of them ends.
        retry_after: Duration,
    },
    /// The buyer holds a ticket already, and has yet to confirm their address before they may hold another.
    #[error("the address is not confirmed")]
    AddressNotConfirmed,
    /// The buyer, or all at their address, have reserved as many as may be in a while.
    #[error(
        "You have reserved many tickets lately, or others at your address have. Please try again {}",
        time_to_wait(*retry_after)
    )]
    TooManyReserved {
        /// When there may be another.
        retry_after: Duration,
    },
    /// The buyer keeps reserving the ticket without buying it.
    #[error(
        "You have reserved this ticket several times without buying it. You can reserve it again {}",
        time_to_wait(*retry_after)
    )]
    ReservedTooOften {
        /// When they may again.
        retry_after: Duration,
    },
    /// The order cannot be cancelled.
    #[error(transparent)]
    CancelRefused(#[from] CancelRefused),
    /// The order is somebody else's.
    #[error("Not authorized")]
    NotTheOwner,
    /// There is no such ticket or order.
    #[error("Not Found")]
    NotFound,
    /// The ticket was listed a moment ago, and the event about it has not come yet.
    #[error("not heard of yet")]
    NotHeardYet,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<OrdersError> for ApiError {
    fn from(error: OrdersError) -> Self {
        let message = error.to_string();
        match error {
            OrdersError::Invalid(validator) => validator.into_error(),
            OrdersError::TicketReserved => Self::bad_request("ticket_reserved", message),
            OrdersError::NotForSale(NotForSale::OwnTicket) => Self::bad_request("own_ticket", message),
            OrdersError::NotForSale(NotForSale::Withdrawn) => Self::bad_request("not_for_sale", message),
            OrdersError::NotForSale(NotForSale::Begun) => Self::bad_request("event_begun", message),
            OrdersError::NotForSale(NotForSale::EventCancelled) => Self::bad_request("event_cancelled", message),
            OrdersError::NotForSale(NotForSale::Unsealed) => Self::bad_request("ticket_not_sealed", message),
            OrdersError::NotForSale(NotForSale::Overdue) => Self::bad_request("delivery_overdue", message),
            OrdersError::PriceChanged { price, currency } => Self::price_changed(message, price, currency),
            OrdersError::BeingChanged => Self::not_yet("ticket_being_changed", message),
            OrdersError::TooManyReservations { retry_after, .. } | OrdersError::TooManyReserved { retry_after } => {
                too_many("too_many_reservations", message, retry_after)
            }
            OrdersError::AddressNotConfirmed => Self::address_not_confirmed(),
            OrdersError::ReservedTooOften { retry_after } => too_many("reserved_too_often", message, retry_after),
            OrdersError::CancelRefused(CancelRefused::Complete) => Self::bad_request("order_complete", message),
            OrdersError::CancelRefused(CancelRefused::BeingPaid) => Self::bad_request("being_paid", message),
            OrdersError::NotTheOwner => Self::not_the_owner(),
            OrdersError::NotFound => Self::not_found(),
            OrdersError::NotHeardYet => Self::not_heard_yet(),
            OrdersError::Store(error) => error.into(),
        }
    }
}

fn too_many(code: &str, message: String, retry_after: Duration) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, message).retry_after(whole_seconds(retry_after).max(1))
}

impl IntoResponse for OrdersError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
