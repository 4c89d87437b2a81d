use std::time::Duration;

use common::email::Email;
use common::id::{NoticeId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How long it is kept.
const LIFE: Duration = Duration::from_secs(60 * 60);

/// Somebody has forgotten the password of the account with this address, if there is one. It is looked for only after
/// they are answered, so that neither the answer nor its time says whether there is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResetRequest {
    pub(crate) id: NoticeId,
    /// Gone as soon as it is not needed.
    pub(crate) email: Option<Email>,
    /// Who has signed in before in the browser that asks, and is meant if they claim the address. Gone with it, and missing
    /// in records from before they were kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) known: Vec<UserId>,
    expires_at: Timestamp,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Asked,
    Done,
}

impl ResetRequest {
    pub(crate) fn new(id: NoticeId, email: Email, known: Vec<UserId>, now: Timestamp) -> Self {
        Self { id, email: Some(email), known, expires_at: now + LIFE, state: State::Asked }
    }

    /// Whoever has the address is being written to.
    pub(crate) fn finish(&mut self) -> Outcome<()> {
        if self.state == State::Done {
            return Outcome::Unchanged;
        }
        (self.state, self.email, self.known) = (State::Done, None, Vec::new());
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;

    use super::*;

    #[test]
    fn what_is_done_is_done_once_and_forgets_whose_it_was() {
        let now = Timestamp::from_millis(0);
        let email = Email::parse("ada@example.com").expect("an address");
        let ids = IdGenerator::seeded(1);
        let mut request = ResetRequest::new(ids.next(now), email, vec![ids.next(now)], now);
        assert!(request.finish().is_changed());
        assert_eq!(request.finish(), Outcome::Unchanged);
        assert_eq!((request.email, request.known), (None, Vec::new()));
    }
}
