use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use common::events::{Event, SessionRevoked, stream_of};
use common::id::SessionId;
use common::time::Timestamp;
use ports::bus::{Bus, BusError, Watched};
use ports::clock::Clock;

/// The sessions that ended before their tokens did. Clones share the list.
#[derive(Clone, Default)]
pub struct Revoked {
    until: Arc<RwLock<HashMap<SessionId, Timestamp>>>,
}

impl Revoked {
    /// Refuses the session from now on.
    pub fn add(&self, session: SessionId, expires_at: Timestamp, now: Timestamp) {
        let mut until = self.until.write().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, expiry| *expiry > now);
        until.insert(session, expires_at);
    }

    /// Whether the session has been ended.
    pub fn contains(&self, session: SessionId) -> bool {
        self.until.read().unwrap_or_else(PoisonError::into_inner).contains_key(&session)
    }
}

/// Keeps `revoked` up to date from the bus until `shutdown`. Sets `loaded` once all revocations
/// that existed at the start are known.
pub async fn follow_revocations(
    bus: Arc<dyn Bus>,
    revoked: Revoked,
    clock: Clock,
    loaded: watch::Sender<bool>,
    shutdown: CancellationToken,
) {
    let follow = async {
        loop {
            let error = follow_once(bus.as_ref(), &revoked, &clock, &loaded).await;
            tracing::debug!(%error, "following session revocations failed; trying again");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::select! {
        () = follow => {}
        () = shutdown.cancelled() => {}
    }
}

async fn follow_once(bus: &dyn Bus, revoked: &Revoked, clock: &Clock, loaded: &watch::Sender<bool>) -> BusError {
    let mut watch = match bus.watch(stream_of(SessionRevoked::TYPE), &[SessionRevoked::TYPE], true).await {
        Ok(watch) => watch,
        Err(error) => return error,
    };
    loop {
        match watch.next().await {
            Ok(Watched::Event(envelope)) => match envelope.payload::<SessionRevoked>() {
                Ok(event) => revoked.add(event.session_id, event.expires_at, clock.now()),
                Err(error) => tracing::error!(event = envelope.id, %error, "unreadable session revocation"),
            },
            Ok(Watched::CaughtUp) => {
                loaded.send_replace(true);
            }
            Err(error) => return error,
        }
    }
}
