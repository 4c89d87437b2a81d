use axum::response::{IntoResponse, Response};
use ports::store::StoreError;
use runtime::http::{ApiError, Validator};

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
            OrdersError::PriceChanged { price, currency } => Self::price_changed(message, price, currency),
            OrdersError::BeingChanged => Self::not_yet("ticket_being_changed", message),
            OrdersError::CancelRefused(CancelRefused::Complete) => Self::bad_request("order_complete", message),
            OrdersError::CancelRefused(CancelRefused::BeingPaid) => Self::bad_request("being_paid", message),
            OrdersError::NotTheOwner => Self::not_the_owner(),
            OrdersError::NotFound => Self::not_found(),
            OrdersError::NotHeardYet => Self::not_heard_yet(),
            OrdersError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for OrdersError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
