use axum::response::{IntoResponse, Response};
use ports::store::StoreError;
use runtime::http::{ApiError, Validator};

use crate::domain::{AlreadyComplete, OwnTicket};

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrdersError {
    /// Fields of the request broke rules.
    #[error("the request is not valid")]
    Invalid(Validator),
    /// Somebody else holds the ticket or has bought it.
    #[error("Ticket is already reserved")]
    TicketReserved,
    /// The buyer is the seller.
    #[error(transparent)]
    OwnTicket(#[from] OwnTicket),
    /// What is paid stays paid.
    #[error(transparent)]
    AlreadyComplete(#[from] AlreadyComplete),
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
            OrdersError::OwnTicket(_) => Self::bad_request("own_ticket", message),
            OrdersError::AlreadyComplete(_) => Self::bad_request("order_complete", message),
            OrdersError::NotTheOwner => Self::not_authorized(),
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
