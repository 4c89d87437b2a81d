use std::time::Duration;

use common::errors::ErrorEntry;
use http::StatusCode;

/// Why there is no answer to work with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused, or could not.
    #[error("{status}: {}", messages(errors))]
    Api {
        /// The status.
        status: StatusCode,
        /// What is wrong, one entry for each rule that was broken. Empty if the answer came from
        /// something in between that does not speak the API's format.
        errors: Vec<ErrorEntry>,
        /// How long to wait before it is worth trying again, where the server said so.
        retry_after: Option<Duration>,
    },
    /// There was no answer. Whether the request took effect is unknown.
    #[error("no answer: {0}")]
    Transport(#[from] reqwest::Error),
    /// The server succeeded, but its answer is not what this client understands.
    #[error("unreadable answer: {0}")]
    Decode(String),
    /// The client was given no absolute HTTP address.
    #[error("{0:?} is not an absolute HTTP address")]
    BaseUrl(String),
}

impl Error {
    /// The status, if the server refused.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api { status, .. } => Some(*status),
            Self::Transport(_) | Self::Decode(_) | Self::BaseUrl(_) => None,
        }
    }
}

fn messages(errors: &[ErrorEntry]) -> String {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
