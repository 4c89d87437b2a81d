use std::time::Duration;

use client::Error;

/// How long anybody waits for an answer. Whoever gives up does not know what became of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a request.
#[derive(Debug)]
pub(in crate::processes) enum Reply<T> {
    /// It was done.
    Done(T),
    /// It was refused, with this status and these words.
    Refused(u16, String),
    /// Nobody answered, or nobody who could: it may have been done or not.
    Unknown,
    /// Nobody answered within anybody's patience.
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

/// Asks once.
pub(in crate::processes) async fn ask<T>(request: impl Future<Output = Result<T, Error>>) -> Reply<T> {
    match tokio::time::timeout(PATIENCE, request).await {
        Err(_) => Reply::Silence,
        Ok(Ok(done)) => Reply::Done(done),
        Ok(Err(Error::Api { status, errors, .. })) if status.is_client_error() => {
            let messages: Vec<_> = errors.into_iter().map(|error| error.message).collect();
            Reply::Refused(status.as_u16(), messages.join("; "))
        }
        Ok(Err(_)) => Reply::Unknown,
    }
}
