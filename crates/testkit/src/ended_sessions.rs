//! Sessions that have ended, many of them: by auth's events about it, since to sign so many users in and out takes hours
//! of hashing.

use anyhow::Result;
use common::events::{EndedSessions, Envelope, Event, SessionRevoked};
use common::id::SessionId;
use common::time::Timestamp;
use ports::clock::Clock;
use runtime::session::TOKEN_LIFE;
use server::engines::BusConfig;

/// How many events are published at once.
const BATCH: usize = 1024;

/// Ends these sessions, as if their users had signed out now. A bus in a directory must be nobody else's meanwhile.
///
/// # Errors
/// If the bus cannot be used, or refuses them.
pub async fn end_sessions(config: &BusConfig, sessions: &[SessionId]) -> Result<()> {
    let (bus, now) = (config.open().await?, Clock::system().now());
    for batch in sessions.chunks(BATCH) {
        let events: Vec<Envelope> = batch.iter().map(|session| ended(*session, now)).collect::<Result<_>>()?;
        bus.publish(&events).await.into_iter().collect::<Result<(), _>>()?;
    }
    Ok(())
}

fn ended(session_id: SessionId, now: Timestamp) -> Result<Envelope> {
    let event = SessionRevoked { sessions: EndedSessions::One { session_id }, expires_at: now + TOKEN_LIFE };
    Ok(Envelope {
        id: format!("{session_id}:1"),
        source: "auth".into(),
        kind: SessionRevoked::TYPE.into(),
        subject: session_id.to_string(),
        time: now,
        traceparent: None,
        replay_for: None,
        data: serde_json::to_value(&event)?.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_published_as_auth_does() {
        let now = Timestamp::parse("2026-11-22T12:00:00.000Z").expect("a moment");
        let id: SessionId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        let envelope = ended(id, now).expect("an event");
        assert_eq!(envelope.id, format!("{id}:1"));
        let event: SessionRevoked = envelope.payload().expect("it can be read");
        assert_eq!(event.sessions, EndedSessions::One { session_id: id });
        assert!(event.expires_at > now);
    }
}
