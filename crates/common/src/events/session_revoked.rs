use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::{SessionId, UserId};
use crate::time::Timestamp;

/// Sessions have ended before their tokens did: every service refuses the tokens from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct SessionRevoked {
    /// Which.
    #[serde(flatten)]
    pub sessions: EndedSessions,
    /// When the last of their tokens expires; after that it can be forgotten.
    pub expires_at: Timestamp,
}

/// The sessions that one act ends: one event each, however many sessions there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum EndedSessions {
    /// A single one.
    One {
        /// The session.
        session_id: SessionId,
    },
    /// All of a user's that began before a moment.
    AllOfUser {
        /// The user.
        user_id: UserId,
        /// The moment. A session that began exactly then goes on.
        before: Timestamp,
    },
}

impl Event for SessionRevoked {
    const TYPE: &'static str = "sessions.revoked";
    fn subject(&self) -> String {
        match self.sessions {
            EndedSessions::One { session_id } => session_id.to_string(),
            EndedSessions::AllOfUser { user_id, .. } => user_id.to_string(),
        }
    }
}
