use std::fmt::Display;

use runtime::outbound::CallFailed;
use stripe_client_core::StripeClientErr;

use super::objects::ApiError;

/// Why a request brought no object. None of its words are of the request, nor of what an object says:
/// they go to the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Stripe answered with this status and an error of its own.
    #[error("status {status}, {}", error.kind)]
    Stripe {
        status: u16,
        error: ApiError,
        /// Whether it is the answer to an earlier request with the same idempotency key, which Stripe repeats
        /// for a day.
        is_replay: bool,
    },
    #[error("no answer in time")]
    Timeout,
    #[error("an answer that cannot be read: {0}")]
    Unreadable(String),
    #[error("no answer: {0}")]
    Network(String),
}

/// Stripe gave no answer that says what happened.
#[derive(Debug, thiserror::Error)]
#[error("the outcome at Stripe is unknown: {0}")]
pub(crate) struct Unknown(pub(super) String);

impl Unknown {
    /// Stripe does not do it, for now.
    pub(crate) fn refused() -> Self {
        Self("it is refused".into())
    }
}

/// How a call ended without success.
#[derive(Debug)]
pub(super) enum CallError {
    /// Stripe refused it, and what was asked for did not happen.
    Refused(ApiError),
    /// Stripe did not look at it: our key is not accepted, or there were too many requests.
    NotTaken(u16),
    /// It has failed, and Stripe says so again to each request with the same idempotency key. What was asked for
    /// may have happened.
    Stuck(Unknown),
    /// It may have happened or not.
    Unknown(Unknown),
}

impl StripeClientErr for Failure {
    fn deserialize_err(message: impl Display) -> Self {
        Self::Unreadable(message.to_string())
    }
}

impl From<CallFailed> for Failure {
    fn from(failed: CallFailed) -> Self {
        Self::Network(failed.0)
    }
}

impl From<http::Error> for Failure {
    fn from(error: http::Error) -> Self {
        Self::Network(error.to_string())
    }
}

impl Failure {
    /// Whether the same request may succeed in a moment: one with the same key is going on, or there are too many.
    pub(super) fn is_busy(&self) -> bool {
        matches!(self, Self::Stripe { status: 409 | 429, .. })
    }
}

impl From<Failure> for CallError {
    /// Only a 4xx that is about the request itself says that nothing happened. A busy key, a 5xx, a silence: all
    /// of these may change.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Stripe { status: 400 | 402 | 404, error, .. } if !error.is_the_key() => Self::Refused(error),
            Failure::Stripe { status: status @ (401 | 403 | 429), .. } => Self::NotTaken(status),
            Failure::Stripe { status: 500.., is_replay: true, .. } => Self::Stuck(Unknown(failure.to_string())),
            other => Self::Unknown(Unknown(other.to_string())),
        }
    }
}

impl From<CallError> for Unknown {
    /// For calls that are never refused for a reason we can act on.
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown(unknown) | CallError::Stuck(unknown) => unknown,
            CallError::NotTaken(status) => Self(format!("status {status}")),
            CallError::Refused(error) => Self(format!("refused: {}", error.code.unwrap_or(error.kind))),
        }
    }
}
