use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::Event;
use crate::id::{SessionId, UserId};
use crate::time::Timestamp;

/// Sessions have ended before their tokens did: every service refuses the tokens from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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

/// What [`SessionRevoked`] is read from, whichever sessions it is about. Every service reads all of them when it starts, and
/// serde's own way, which keeps the fields until it knows which variant they fit, takes several times as long.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    session_id: Option<SessionId>,
    user_id: Option<UserId>,
    before: Option<Timestamp>,
    expires_at: Timestamp,
}

impl<'de> Deserialize<'de> for SessionRevoked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Fields { session_id, user_id, before, expires_at } = Fields::deserialize(deserializer)?;
        let sessions = match (session_id, user_id, before) {
            (Some(session_id), _, _) => EndedSessions::One { session_id },
            (None, Some(user_id), Some(before)) => EndedSessions::AllOfUser { user_id, before },
            (None, _, _) => return Err(D::Error::custom("it names no sessions")),
        };
        Ok(Self { sessions, expires_at })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_no_sessions_or_no_end_is_not_read() {
        let (id, moment) = (r#""5f1f77bcf86cd79943900001""#, r#""2026-11-22T17:43:03.120Z""#);
        for json in [
            format!(r#"{{"expiresAt":{moment}}}"#),
            format!(r#"{{"sessionId":null,"expiresAt":{moment}}}"#),
            format!(r#"{{"userId":{id},"expiresAt":{moment}}}"#),
            format!(r#"{{"before":{moment},"expiresAt":{moment}}}"#),
            format!(r#"{{"sessionId":"5f1f","expiresAt":{moment}}}"#),
            format!(r#"{{"sessionId":{id}}}"#),
        ] {
            assert!(serde_json::from_str::<SessionRevoked>(&json).is_err(), "{json}");
        }
    }
}
