use std::iter;
use std::time::Duration;

use common::errors::ErrorEntry;
use http::StatusCode;

/// What went wrong below the client; the error of the operating system is its last source.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

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
    #[error("no answer: {}", with_causes(&**.0))]
    Transport(#[source] Cause),
    /// The server succeeded, but its answer is not what this client understands.
    #[error("unreadable answer: {0}")]
    Decode(String),
    /// The client was given no absolute HTTP address, or one with TLS although it was built without it.
    #[cfg_attr(feature = "tls", error("{0:?} is not an absolute HTTP address"))]
    #[cfg_attr(not(feature = "tls"), error("{0:?} is not an absolute HTTP address, or needs the feature `tls`"))]
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

    /// What programs tell the server's refusals apart by, such as `ticket_reserved`: the code of the
    /// first broken rule. `None` if the answer names none, as those of older servers do.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api { errors, .. } => errors.first().map(|error| error.code.as_str()).filter(|code| !code.is_empty()),
            Self::Transport(_) | Self::Decode(_) | Self::BaseUrl(_) => None,
        }
    }

    pub(crate) fn transport(cause: impl Into<Cause>) -> Self {
        Self::Transport(cause.into())
    }
}

/// hyper names the step that failed; what went wrong stands in the causes.
fn with_causes(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |cause| cause.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn messages(errors: &[ErrorEntry]) -> String {
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    messages.join("; ")
}
