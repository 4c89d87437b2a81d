use std::time::Duration;

use client::Error;
use http::StatusCode;

/// The request timeout. A client that gives up does not know the outcome.
const PATIENCE: Duration = Duration::from_secs(20);

/// The outcome of a request.
#[derive(Debug)]
pub(in crate::processes) enum Reply<T> {
    /// It succeeded.
    Done(T),
    /// It was refused, with this status and message.
    Refused(u16, String),
    /// There was no response, or one by a gateway: the outcome is unknown.
    Unknown,
    /// There was no response within the timeout.
    Silence,
}

impl<T> Reply<T> {
    /// The status with which it was refused.
    pub(in crate::processes) fn refusal(&self) -> Option<u16> {
        match self {
            Self::Refused(status, _) => Some(*status),
            Self::Done(_) | Self::Unknown | Self::Silence => None,
        }
    }
}

/// Sends one request.
pub(in crate::processes) async fn ask<T>(request: impl Future<Output = Result<T, Error>>) -> Reply<T> {
    match tokio::time::timeout(PATIENCE, request).await {
        Err(_) => Reply::Silence,
        Ok(Ok(done)) => Reply::Done(done),
        // A process that was frozen finds that the body has taken too long.
        Ok(Err(Error::Api { status: StatusCode::REQUEST_TIMEOUT, .. })) => Reply::Unknown,
        Ok(Err(Error::Api { status, errors, .. })) if status.is_client_error() => {
            let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            Reply::Refused(status.as_u16(), messages.join("; "))
        }
        Ok(Err(_)) => Reply::Unknown,
    }
}
