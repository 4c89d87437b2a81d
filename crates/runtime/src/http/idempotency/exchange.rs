use std::time::Duration;

use common::id::{Id, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use ports::store::{Collection, Index};
use serde::{Deserialize, Serialize};

use super::kept_answer::KeptAnswer;
use super::new_id::Reserved;
use crate::store::Stored;

/// How long a claim holds that nobody has given an answer to: longer than any request takes, so that
/// whoever made it is dead.
const LEASE: Duration = Duration::from_secs(60);

/// The field by which exchanges are forgotten.
pub(crate) const CLAIMED_AT: &str = "claimedAt";

/// What is asked under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) user: UserId,
    pub(super) key: String,
    /// The path, with its query.
    pub(super) route: String,
    /// Of the body; the body itself may be private.
    pub(super) body_hash: String,
}

impl Asked {
    /// The id of the exchange.
    pub(super) fn id(&self) -> String {
        format!("{}:{}", self.user, self.key)
    }
}

/// A request under a key and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exchange {
    id: String,
    route: String,
    body_hash: String,
    /// The id of what the request makes.
    pub(super) new_id: Id<Reserved>,
    /// When the request began that acts, or has acted, under the key.
    claimed_at: Timestamp,
    #[serde(flatten)]
    phase: Phase,
}

/// How far it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "camelCase")]
enum Phase {
    /// A request acts.
    Claimed,
    /// The request has been answered, in a way that is not kept: it can be made again.
    Free,
    /// The request has been answered for good.
    Answered { answer: KeptAnswer },
}

/// What a request finds under its key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// Another request has the key.
    Reused,
    /// The same request, which acts.
    InProgress,
    /// The same request, and its answer.
    Answered(KeptAnswer),
}

impl Stored for Exchange {
    const COLLECTION: &'static Collection = &Collection {
        name: "idempotency",
        indexes: &[Index { name: "by_age", fields: &[CLAIMED_AT], unique: false, only: None }],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Exchange {
    /// The first request under its key acts.
    pub(super) fn claim(asked: &Asked, new_id: Id<Reserved>, now: Timestamp) -> Self {
        let (route, body_hash) = (asked.route.clone(), asked.body_hash.clone());
        Self { id: asked.id(), route, body_hash, new_id, claimed_at: now, phase: Phase::Claimed }
    }

    /// A further request under the key acts, if the one before it is answered without effect, or dead. If it
    /// is the same again, what it makes has the same id, as it may have been made.
    pub(super) fn claim_again(&mut self, asked: &Asked, new_id: Id<Reserved>, now: Timestamp) -> Outcome<()> {
        let is_same = self.is_of(asked);
        match self.phase {
            Phase::Free if is_same => *self = Self::claim(asked, self.new_id, now),
            Phase::Free => *self = Self::claim(asked, new_id, now),
            Phase::Claimed if is_same && now.since(self.claimed_at) >= LEASE => {
                *self = Self::claim(asked, self.new_id, now);
            }
            Phase::Claimed | Phase::Answered { .. } => return Outcome::Unchanged,
        }
        Outcome::Changed(())
    }

    /// The request that claimed it then has been answered.
    pub(super) fn finish(&mut self, claimed_at: Timestamp, answer: Option<KeptAnswer>) -> Outcome<()> {
        match self.phase {
            Phase::Claimed if self.claimed_at == claimed_at => {
                self.phase = answer.map_or(Phase::Free, |answer| Phase::Answered { answer });
                Outcome::Changed(())
            }
            // It took so long that another has claimed it, whose answer counts.
            Phase::Claimed | Phase::Free | Phase::Answered { .. } => Outcome::Unchanged,
        }
    }

    /// What it is for a request that may not act.
    pub(super) fn found_by(&self, asked: &Asked) -> Found {
        match &self.phase {
            _ if !self.is_of(asked) => Found::Reused,
            Phase::Answered { answer } => Found::Answered(answer.clone()),
            Phase::Claimed | Phase::Free => Found::InProgress,
        }
    }

    fn is_of(&self, asked: &Asked) -> bool {
        self.route == asked.route && self.body_hash == asked.body_hash
    }
}

#[cfg(test)]
mod tests;
