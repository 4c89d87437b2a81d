use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ports::store::StoreError;
use runtime::audit::{self, AuditEvent};
use runtime::http::ApiError;
use runtime::limits::{time_to_wait, whole_seconds};

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
    /// The order, the buyer or their address has tried too often.
    #[error("There were too many attempts to pay. You were not charged. Please try again {}", time_to_wait(*retry_after))]
    TooManyAttempts {
        /// When there may be another.
        retry_after: Duration,
    },
    /// Too many cards of the buyer were refused.
    #[error(
        "Too many of your payments were refused, so you cannot pay now. You were not charged. Please try again {}",
        time_to_wait(*retry_after)
    )]
    TooManyDeclines {
        /// When there may be another attempt.
        retry_after: Duration,
    },
    /// The provider takes no more at this moment.
    #[error("There are too many payments at the moment. You were not charged. Please try again in a moment")]
    Busy,
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
            PaymentsError::TooManyAttempts { retry_after } => too_many("too_many_payments", message, retry_after),
            PaymentsError::TooManyDeclines { retry_after } => too_many("too_many_declines", message, retry_after),
            PaymentsError::Busy => Self::not_yet("payments_busy", message),
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

fn too_many(code: &str, message: String, retry_after: Duration) -> ApiError {
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, code, message).retry_after(whole_seconds(retry_after))
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
