use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ports::store::StoreError;
use runtime::audit::{self, AuditEvent};
use runtime::http::ApiError;

use crate::domain::{FailureReason, NotPayable, Unavailable};
use crate::stripe::WebhookError;

/// Why a request was not granted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PaymentsError {
    /// The request itself is wrong.
    #[error("the request is not valid")]
    Invalid(ApiError),
    #[error("Not Found")]
    UnknownOrder,
    /// The order was placed a moment ago, and the event about it has not come yet.
    #[error("not heard of yet")]
    NotHeardYet,
    #[error("Not authorized")]
    NotTheBuyer,
    #[error("Cannot pay for a cancelled order")]
    OrderCancelled,
    #[error("Order has expired")]
    OrderExpired,
    #[error("Order has already been paid")]
    AlreadyPaid,
    #[error("Order is already being paid")]
    BeingPaid,
    /// The card was refused.
    #[error("{0}")]
    CardDeclined(String),
    /// Stripe could make nothing of the token.
    #[error("{0}")]
    Rejected(String),
    /// It failed for good, for no fault of the card.
    #[error("{0}")]
    Failed(String),
    /// Nothing was asked of the card.
    #[error("{0}")]
    NotStarted(String),
    /// Stripe has not said how it ended.
    #[error("The payment is being checked. Please look at your order in a moment; do not pay again.")]
    Unresolved,
    #[error("The signature is not valid")]
    InvalidSignature,
    #[error("The signature is valid, but this is no event that can be read")]
    UnreadableEvent,
    /// What a webhook is about could not be looked at.
    #[error("the webhook could not be followed up")]
    NotFollowedUp,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PaymentsError> for ApiError {
    fn from(error: PaymentsError) -> Self {
        let message = error.to_string();
        match error {
            PaymentsError::Invalid(error) => error,
            PaymentsError::UnknownOrder => Self::not_found(),
            PaymentsError::NotHeardYet => Self::not_heard_yet(),
            PaymentsError::NotTheBuyer => Self::not_the_owner(),
            PaymentsError::OrderCancelled => Self::bad_request("order_cancelled", message),
            PaymentsError::OrderExpired => Self::bad_request("order_expired", message),
            PaymentsError::AlreadyPaid => Self::bad_request("already_paid", message),
            PaymentsError::BeingPaid => Self::bad_request("being_paid", message),
            PaymentsError::CardDeclined(_) => Self::new(StatusCode::PAYMENT_REQUIRED, "card_declined", message),
            PaymentsError::Rejected(_) => Self::bad_request("payment_rejected", message),
            PaymentsError::Failed(_) => Self::bad_request("payment_failed", message),
            PaymentsError::NotStarted(_) => Self::new(StatusCode::SERVICE_UNAVAILABLE, "payment_not_started", message),
            PaymentsError::Unresolved => Self::new(StatusCode::SERVICE_UNAVAILABLE, "payment_unresolved", message),
            PaymentsError::InvalidSignature => {
                audit::record(AuditEvent::BadWebhookSignature);
                Self::bad_request("invalid_signature", message)
            }
            PaymentsError::UnreadableEvent => Self::bad_request("unreadable_event", message),
            PaymentsError::NotFollowedUp => Self::unavailable(),
            PaymentsError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for PaymentsError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}

impl From<NotPayable> for PaymentsError {
    fn from(reason: NotPayable) -> Self {
        match reason {
            NotPayable::Cancelled => Self::OrderCancelled,
            NotPayable::Complete => Self::AlreadyPaid,
            NotPayable::Expired => Self::OrderExpired,
        }
    }
}

impl From<WebhookError> for PaymentsError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::InvalidSignature => Self::InvalidSignature,
            WebhookError::Unreadable => Self::UnreadableEvent,
        }
    }
}

impl From<Unavailable> for PaymentsError {
    fn from(reason: Unavailable) -> Self {
        match reason {
            Unavailable::BeingPaid => Self::BeingPaid,
            Unavailable::Paid => Self::AlreadyPaid,
            Unavailable::Cancelled => Self::OrderCancelled,
            Unavailable::Expired | Unavailable::Failed(FailureReason::Expired) => Self::OrderExpired,
            Unavailable::Failed(reason) => Self::Failed(format!("The payment has failed: {}", reason.message())),
        }
    }
}

impl From<FailureReason> for PaymentsError {
    fn from(reason: FailureReason) -> Self {
        match reason {
            FailureReason::Declined { reason } => Self::CardDeclined(reason),
            FailureReason::Rejected { reason } => Self::Rejected(reason),
            FailureReason::Expired => Self::OrderExpired,
            FailureReason::OrderComplete => Self::AlreadyPaid,
            FailureReason::Unavailable => Self::NotStarted(reason.message().to_owned()),
            FailureReason::Unconfirmed | FailureReason::Lost => Self::Failed(reason.message().to_owned()),
        }
    }
}
