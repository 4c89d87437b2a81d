use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::verifier::Session;
use common::events::{EndedSessions, Event, SessionRevoked, stream_of};
use common::id::{SessionId, UserId};
use common::time::Timestamp;
use ports::bus::{Bus, BusError, Watched};
use ports::clock::Clock;

/// How many revocations are taken over at once while they are loaded.
const BATCH: usize = 1024;

/// The sessions that ended before their tokens did. Clones share the list.
#[derive(Clone, Default)]
pub struct Revoked(Arc<RwLock<Ended>>);

#[derive(Default)]
struct Ended {
    sessions: HashSet<SessionId>,
    /// Of each user, the moment before which all sessions have ended.
    users: HashMap<UserId, Timestamp>,
    /// All of them once more, by when they can be forgotten.
    until: BTreeMap<Timestamp, Vec<EndedSessions>>,
}

impl Revoked {
    /// Refuses these sessions from now on, and forgets those whose tokens have all expired.
    pub fn add(&self, revocations: impl IntoIterator<Item = SessionRevoked>, now: Timestamp) {
        let mut ended = self.0.write().unwrap_or_else(PoisonError::into_inner);
        ended.forget_until(now);
        for SessionRevoked { sessions, expires_at } in revocations {
            if expires_at > now {
                ended.add(sessions, expires_at);
            }
        }
    }

    /// Whether the session has been ended.
    pub fn contains(&self, session: &Session) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).contains(session)
    }
}

impl Ended {
    fn add(&mut self, sessions: EndedSessions, expires_at: Timestamp) {
        match sessions {
            EndedSessions::One { session_id } => {
                self.sessions.insert(session_id);
            }
            EndedSessions::AllOfUser { user_id, before } => {
                let known = self.users.entry(user_id).or_insert(before);
                *known = before.max(*known);
            }
        }
        self.until.entry(expires_at).or_default().push(sessions);
    }

    fn contains(&self, session: &Session) -> bool {
        self.sessions.contains(&session.id)
            || self.users.get(&session.user_id).is_some_and(|before| session.began_at < *before)
    }

    fn forget_until(&mut self, now: Timestamp) {
        while let Some(first) = self.until.first_entry()
            && *first.key() <= now
        {
            for sessions in first.remove() {
                self.forget(sessions);
            }
        }
    }

    fn forget(&mut self, sessions: EndedSessions) {
        match sessions {
            EndedSessions::One { session_id } => {
                self.sessions.remove(&session_id);
            }
            // A later moment is forgotten later.
            EndedSessions::AllOfUser { user_id, before } => {
                if self.users.get(&user_id).is_some_and(|known| *known <= before) {
                    self.users.remove(&user_id);
                }
            }
        }
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
    let (mut batch, mut is_loading) = (Vec::with_capacity(BATCH), true);
    loop {
        match watch.next().await {
            Ok(Watched::Event(envelope)) => match envelope.payload::<SessionRevoked>() {
                Ok(event) => batch.push(event),
                Err(error) => tracing::error!(event = envelope.id, %error, "unreadable session revocation"),
            },
            Ok(Watched::CaughtUp) => is_loading = false,
            Err(error) => return error,
        }
        if !is_loading || batch.len() >= BATCH {
            revoked.add(batch.drain(..), clock.now());
            loaded.send_if_modified(|loaded| !is_loading && !std::mem::replace(loaded, true));
        }
    }
}

#[cfg(test)]
mod tests;
