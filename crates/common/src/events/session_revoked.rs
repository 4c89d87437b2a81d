use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::SessionId;
use crate::time::Timestamp;

/// A session has ended before its token did: every service refuses the token from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionRevoked {
    /// The session.
    pub session_id: SessionId,
    /// When the last token of the session expires; after that it can be forgotten.
    pub expires_at: Timestamp,
}

impl Event for SessionRevoked {
    const TYPE: &'static str = "sessions.revoked";
    fn subject(&self) -> String {
        self.session_id.to_string()
    }
}
