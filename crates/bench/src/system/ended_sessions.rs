use anyhow::Result;
use common::events::{EndedSessions, Envelope, Event, SessionRevoked};
use common::id::SessionId;
use common::time::Timestamp;
use ports::clock::Clock;
use runtime::session::TOKEN_LIFE;
use server::engines::BusConfig;

use super::strangers::session_id;
use super::{Engine, System};

/// How many events are published at once.
const BATCH: usize = 1024;

impl System {
    /// Ends so many sessions, as if strangers had signed out: by auth's events about it, since to sign so many
    /// users in takes hours of hashing. Where the bus is in the product's own file, the product is stopped for it
    /// and restarted.
    ///
    /// # Errors
    /// If the bus refuses them.
    pub(crate) async fn end_sessions(&mut self, count: usize) -> Result<()> {
        match (&self.engines, self.engine) {
            (Some((_, nats)), Engine::Real) => {
                let config = BusConfig::Nats { url: nats.url().to_owned(), namespace: None, replicas: 1 };
                publish(&config, count).await
            }
            _ => {
                self.stop().await;
                publish(&BusConfig::Directory(self.data.path().join("data")), count).await?;
                self.start().await;
                Ok(())
            }
        }
    }
}

async fn publish(config: &BusConfig, count: usize) -> Result<()> {
    let (bus, now) = (config.open().await?, Clock::system().now());
    let sessions: Vec<SessionId> = (0..count).map(session_id).map(|id| Ok(id.parse()?)).collect::<Result<_>>()?;
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
        let (id, now) = (session_id(7), Timestamp::parse("2026-11-22T12:00:00.000Z").expect("a moment"));
        let envelope = ended(id.parse().expect("an id"), now).expect("an event");
        assert_eq!(envelope.id, format!("{id}:1"));
        let event: SessionRevoked = envelope.payload().expect("it can be read");
        assert_eq!(event.sessions, EndedSessions::One { session_id: id.parse().expect("an id") });
        assert!(event.expires_at > now);
    }
}
