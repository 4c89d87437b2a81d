use std::iter;
use std::time::Duration;

use common::errors::ErrorEntry;
use http::StatusCode;

/// The cause of a transport failure; its last source is the operating system's error.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refused the request or failed.
    #[error("{status}: {}", messages(errors))]
    Api {
        /// The status.
        status: StatusCode,
        /// What is wrong, one entry per broken rule. Empty if the response came from an intermediary that
        /// does not use the API's error format.
        errors: Vec<ErrorEntry>,
        /// How long to wait before retrying, if the server said so.
        retry_after: Option<Duration>,
    },
    /// There was no response. Whether the request took effect is unknown.
    #[error("no answer: {}", with_causes(&**.0))]
    Transport(#[source] Cause),
    /// The server succeeded, but this client cannot decode the response.
    #[error("unreadable answer: {0}")]
    Decode(String),
    /// The client was given something else than an absolute HTTP URL, or an `https` URL without the feature
    /// `tls`.
    #[cfg_attr(feature = "tls", error("{0:?} is not an absolute HTTP address"))]
    #[cfg_attr(not(feature = "tls"), error("{0:?} is not an absolute HTTP address, or needs the feature `tls`"))]
    BaseUrl(String),
}

impl Error {
    /// The status, if the server responded with an error.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Api { status, .. } => Some(*status),
            Self::Transport(_) | Self::Decode(_) | Self::BaseUrl(_) => None,
        }
    }

    /// The machine-readable code of the first error, such as `ticket_reserved`. `None` if the response has
    /// none, as with older servers.
    pub fn code(&self) -> Option<&str> {
        self.first_entry().map(|error| error.code.as_str()).filter(|code| !code.is_empty())
    }

    /// The first thing that is wrong, if the server said so.
    pub fn first_entry(&self) -> Option<&ErrorEntry> {
        match self {
            Self::Api { errors, .. } => errors.first(),
            Self::Transport(_) | Self::Decode(_) | Self::BaseUrl(_) => None,
        }
    }

    pub(crate) fn transport(cause: impl Into<Cause>) -> Self {
        Self::Transport(cause.into())
    }
}

/// hyper names the step that failed; the actual reason is in the sources.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn messages(errors: &[ErrorEntry]) -> String {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
