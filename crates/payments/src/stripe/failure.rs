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
    Stripe { status: u16, error: ApiError },
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

/// How a call ended without success.
#[derive(Debug)]
pub(super) enum CallError {
    /// Stripe refused it, and what was asked for did not happen.
    Refused(ApiError),
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

impl From<Failure> for CallError {
    /// Only a 4xx that is about the request itself says that nothing happened. A limit, a busy
    /// key, a key of ours that is not accepted, a 5xx, a silence: all of these may change.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Stripe { status: 400 | 402 | 404, error } if !error.is_the_key() => Self::Refused(error),
            other => Self::Unknown(Unknown(other.to_string())),
        }
    }
}

impl From<CallError> for Unknown {
    /// For calls that are never refused for a reason we can act on.
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown(unknown) => unknown,
            CallError::Refused(error) => Self(format!("refused: {}", error.message.unwrap_or_default())),
        }
    }
}
