use std::time::Duration;

use common::id::{SessionId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long it may take: as long as an authenticator is given by the browser.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// Something with a passkey that was begun and is not done yet: an authenticator has to sign a challenge, which it does
/// once. Any replica may be asked to finish it, so it is kept in the store.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ceremony {
    /// The hash of what only who has begun it knows.
    pub(crate) id: CeremonyHash,
    pub(crate) purpose: Purpose,
    /// The challenge, and how its answer is checked.
    pub(crate) challenge: String,
    /// Whose it is, if that is known.
    pub(crate) user_id: Option<UserId>,
    expires_at: Timestamp,
    state: State,
}

/// The hash of the token of a ceremony. The token itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct CeremonyHash(pub(crate) String);

/// What somebody may do who finishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    /// Add a passkey to their account, in the session in which they have given its password.
    AddPasskey(SessionId),
    /// Sign in without a password.
    SignIn,
    /// Sign in to the account whose password they knew when it was in this generation.
    SecondFactor(u64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Begun,
    Done,
}

/// It was done before, has taken too long, or was never begun.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CeremonyIsOver;

impl Ceremony {
    pub(crate) fn begin(
        id: CeremonyHash,
        purpose: Purpose,
        user_id: Option<UserId>,
        challenge: String,
        now: Timestamp,
    ) -> Self {
        Self { id, purpose, challenge, user_id, expires_at: now + LIFE, state: State::Begun }
    }

    /// Whether it can still be finished.
    pub(crate) fn check(&self, now: Timestamp) -> Result<(), CeremonyIsOver> {
        if self.state == State::Begun && now < self.expires_at { Ok(()) } else { Err(CeremonyIsOver) }
    }

    /// Nobody else finishes it.
    pub(crate) fn finish(&mut self, now: Timestamp) -> Result<Outcome<()>, CeremonyIsOver> {
        self.check(now)?;
        self.state = State::Done;
        Ok(Outcome::Changed(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(now: Timestamp) -> Ceremony {
        Ceremony::begin(CeremonyHash("hash".into()), Purpose::SignIn, None, "challenge".into(), now)
    }

    #[test]
    fn a_ceremony_is_finished_once() {
        let now = Timestamp::from_millis(0);
        let mut ceremony = begun(now);
        assert_eq!(ceremony.finish(now), Ok(Outcome::Changed(())));
        assert_eq!((ceremony.check(now), ceremony.finish(now)), (Err(CeremonyIsOver), Err(CeremonyIsOver)));
    }

    #[test]
    fn a_ceremony_takes_five_minutes_at_the_most() {
        let start = Timestamp::from_millis(0);
        let end = start + Duration::from_secs(300);
        assert_eq!(begun(start).finish(end), Err(CeremonyIsOver));
        assert_eq!(begun(start).finish(end - Duration::from_millis(1)), Ok(Outcome::Changed(())));
    }
}
