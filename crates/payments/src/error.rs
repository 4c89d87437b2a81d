use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ports::store::StoreError;
use runtime::http::ApiError;

use crate::domain::{NotPayable, Setback, Unavailable};

/// Why an order was not paid.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PayError {
    /// The request itself is wrong.
    #[error("the request is not valid")]
    Invalid(ApiError),
    #[error("Not Found")]
    UnknownOrder,
    #[error("Not authorized")]
    NotTheOwner,
    #[error("Cannot pay for a cancelled order")]
    Cancelled,
    #[error("Order has expired")]
    Expired,
    #[error("Order has already been paid")]
    AlreadyPaid,
    #[error("Order is already being paid")]
    BeingPaid,
    /// The card was refused.
    #[error("{0}")]
    Declined(String),
    /// Stripe could make nothing of the token.
    #[error("{0}")]
    Rejected(String),
    /// It failed for good, for no fault of the card.
    #[error("{0}")]
    Failed(String),
    /// Stripe has not said how it ended.
    #[error("The payment is being checked. Please look at your order in a moment; do not pay again.")]
    Unresolved,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<NotPayable> for PayError {
    fn from(reason: NotPayable) -> Self {
        match reason {
            NotPayable::Cancelled => Self::Cancelled,
            NotPayable::Complete => Self::AlreadyPaid,
            NotPayable::Expired => Self::Expired,
        }
    }
}

impl From<Unavailable> for PayError {
    fn from(reason: Unavailable) -> Self {
        match reason {
            Unavailable::BeingPaid => Self::BeingPaid,
            Unavailable::Paid => Self::AlreadyPaid,
            Unavailable::Cancelled => Self::Cancelled,
            Unavailable::Expired | Unavailable::Failed(Setback::Expired) => Self::Expired,
            Unavailable::Failed(setback) => Self::Failed(format!("The payment has failed: {}", setback.reason())),
        }
    }
}

impl From<Setback> for PayError {
    fn from(setback: Setback) -> Self {
        match setback {
            Setback::Declined { reason } => Self::Declined(reason),
            Setback::Rejected { reason } => Self::Rejected(reason),
            Setback::Expired => Self::Expired,
            Setback::Lost => Self::Failed(setback.reason().to_owned()),
        }
    }
}

impl From<PayError> for ApiError {
    fn from(error: PayError) -> Self {
        let message = error.to_string();
        match error {
            PayError::Invalid(error) => error,
            PayError::UnknownOrder => Self::not_found(),
            PayError::NotTheOwner => Self::not_authorized(),
            PayError::Cancelled
            | PayError::Expired
            | PayError::AlreadyPaid
            | PayError::BeingPaid
            | PayError::Rejected(_)
            | PayError::Failed(_) => Self::bad_request(message),
            PayError::Declined(_) => Self::new(StatusCode::PAYMENT_REQUIRED, message),
            PayError::Unresolved => Self::new(StatusCode::SERVICE_UNAVAILABLE, message),
            PayError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for PayError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}
