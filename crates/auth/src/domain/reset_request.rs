use std::time::Duration;

use common::email::Email;
use common::id::NoticeId;
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
    pub(crate) fn new(id: NoticeId, email: Email, now: Timestamp) -> Self {
        Self { id, email: Some(email), expires_at: now + LIFE, state: State::Asked }
    }

    /// Whoever has the address is being written to.
    pub(crate) fn finish(&mut self) -> Outcome<()> {
        if self.state == State::Done {
            return Outcome::Unchanged;
        }
        (self.state, self.email) = (State::Done, None);
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;

    use super::*;

    #[test]
    fn what_is_done_is_done_once_and_forgets_the_address() {
        let now = Timestamp::from_millis(0);
        let email = Email::parse("ada@example.com").expect("an address");
        let mut request = ResetRequest::new(IdGenerator::seeded(1).next(now), email, now);
        assert!(request.finish().is_changed());
        assert_eq!(request.finish(), Outcome::Unchanged);
        assert_eq!(request.email, None);
    }
}
