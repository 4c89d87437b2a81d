use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use common::id::UserId;
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::news::News;

/// How long it is tried to send a message.
const KEEP_TRYING: Duration = Duration::from_secs(3 * 24 * 60 * 60);
/// How long a message belongs to whoever has claimed it: longer than sending it can take. After that whoever it was
/// has crashed, and it is due again.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// The pauses after attempts that failed: this one after the first, twice as long after each, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);

/// One piece of news for one person. There is one for each, whatever is delivered or done twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Message {
    /// Whom it is for. Where to send it, auth is asked.
    pub(crate) recipient: UserId,
    #[serde(flatten)]
    pub(crate) news: News,
    /// When it was heard of.
    pub(crate) since: Timestamp,
    /// The trace of what caused it: telling it is a part of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) traceparent: Option<String>,
    #[serde(flatten)]
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum State {
    /// To be sent at this moment, or found again if whoever is sending it has crashed.
    Due {
        due_at: Timestamp,
        attempts: u32,
        /// Why the last attempt failed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        failure: Option<String>,
    },
    /// The mail server has taken it on.
    Sent { finished_at: Timestamp },
    /// The mail server never will, or has refused its address before.
    Refused { finished_at: Timestamp, reason: String },
    /// It could not be sent for three days.
    GivenUp { finished_at: Timestamp, failure: Option<String> },
    /// There is nobody to tell it to any more, or it is not so any more.
    Dropped { finished_at: Timestamp },
}

/// What has come of claiming a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is the claimer's to send, in this attempt.
    Attempt(u32),
    /// It has been tried for too long.
    GivenUp,
}

impl Message {
    /// News for somebody, to be sent at once.
    pub(crate) fn new(recipient: UserId, news: News, now: Timestamp) -> Self {
        let state = State::Due { due_at: now, attempts: 0, failure: None };
        Self { recipient, news, since: now, traceparent: None, state }
    }

    /// Its id, which is the same whenever the same is to be told to the same person.
    pub(crate) fn id(&self) -> String {
        self.news.identity(self.recipient)
    }

    /// What stands before the `@` of its Message-ID: the same however often it is sent, so that a mail server or
    /// a mail program can recognise a repetition. It does not tell what it was made of.
    pub(crate) fn mail_id(&self) -> String {
        hex::encode(&digest(&SHA256, self.id().as_bytes()).as_ref()[..16])
    }

    /// When it is due; never, if it is finished.
    pub(crate) fn due_at(&self) -> Option<Timestamp> {
        match &self.state {
            State::Due { due_at, .. } => Some(*due_at),
            State::Sent { .. } | State::Refused { .. } | State::GivenUp { .. } | State::Dropped { .. } => None,
        }
    }

    /// What has come of it, in a word, and when.
    pub(crate) fn standing(&self) -> (&'static str, Option<Timestamp>) {
        match &self.state {
            State::Due { .. } => ("due", None),
            State::Sent { finished_at } => ("sent", Some(*finished_at)),
            State::Refused { finished_at, .. } => ("refused", Some(*finished_at)),
            State::GivenUp { finished_at, .. } => ("given-up", Some(*finished_at)),
            State::Dropped { finished_at } => ("dropped", Some(*finished_at)),
        }
    }

    /// Somebody is about to send it: nobody else does, until they are done or their time is over.
    pub(crate) fn claim(&mut self, now: Timestamp) -> Outcome<Claim> {
        match &mut self.state {
            State::Due { due_at, .. } if *due_at > now => Outcome::Unchanged,
            State::Due { attempts, failure, .. } if *attempts > 0 && now.since(self.since) >= KEEP_TRYING => {
                self.state = State::GivenUp { finished_at: now, failure: failure.take() };
                Outcome::Changed(Claim::GivenUp)
            }
            State::Due { due_at, attempts, .. } => {
                (*due_at, *attempts) = (now + LEASE, *attempts + 1);
                Outcome::Changed(Claim::Attempt(*attempts))
            }
            State::Sent { .. } | State::Refused { .. } | State::GivenUp { .. } | State::Dropped { .. } => {
                Outcome::Unchanged
            }
        }
    }

    /// This attempt has failed; another is made after a pause, unless it has been made already.
    pub(crate) fn put_off(&mut self, attempt: u32, why: &str, now: Timestamp) -> Outcome<()> {
        match &mut self.state {
            State::Due { due_at, attempts, failure } if *attempts == attempt => {
                (*due_at, *failure) = (now + pause_after(attempt), Some(why.to_owned()));
                Outcome::Changed(())
            }
            _ => Outcome::Unchanged,
        }
    }

    /// In this attempt its recipient had yet to confirm their address. Another is made after a pause, unless it has been
    /// made already; at last there is nobody to tell it to.
    pub(crate) fn wait_for_address(&mut self, attempt: u32, now: Timestamp) -> Outcome<()> {
        let put_off = self.put_off(attempt, "the address is not confirmed", now);
        let would_be_given_up = self.due_at().is_some_and(|due_at| due_at.since(self.since) >= KEEP_TRYING);
        if put_off.is_changed() && would_be_given_up { self.drop_it(now) } else { put_off }
    }

    /// The mail server has taken it on.
    pub(crate) fn sent(&mut self, now: Timestamp) -> Outcome<()> {
        self.finish(State::Sent { finished_at: now })
    }

    /// It will never be taken.
    pub(crate) fn refuse(&mut self, reason: &str, now: Timestamp) -> Outcome<()> {
        self.finish(State::Refused { finished_at: now, reason: reason.to_owned() })
    }

    /// There is nobody to tell it to, or it is not so any more.
    pub(crate) fn drop_it(&mut self, now: Timestamp) -> Outcome<()> {
        self.finish(State::Dropped { finished_at: now })
    }

    fn finish(&mut self, finished: State) -> Outcome<()> {
        match self.state {
            State::Due { .. } => {
                self.state = finished;
                Outcome::Changed(())
            }
            State::Sent { .. } | State::Refused { .. } | State::GivenUp { .. } | State::Dropped { .. } => {
                Outcome::Unchanged
            }
        }
    }
}

fn pause_after(attempt: u32) -> Duration {
    let doublings = attempt.saturating_sub(1).min(16);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests;
