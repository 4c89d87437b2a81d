use common::email::Email;
use common::id::{SessionId, UserId};
use common::time::Timestamp;
use common::version::Version;
use ports::store::{Collection, Index, Only};
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

use super::session::Session;

/// A password's argon2 hash as a PHC string, which names its own parameters and salt.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PasswordHash(pub(crate) String);

/// Somebody's account.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: UserId,
    version: Version,
    pub(crate) email: Email,
    pub(crate) password_hash: PasswordHash,
    created_at: Timestamp,
    /// One more each time all sessions before are to end. A session remembers the generation it
    /// was opened in, so a sign-in that read the account before a password change opens a session
    /// that the account does not admit any more.
    pub(crate) generation: u64,
    /// The one session that the last new generation left alive.
    kept_session: Option<SessionId>,
    /// Whether sessions of former generations may still have to be ended: what a crash in the
    /// middle of a password change leaves behind is found by this.
    sweep: Sweep,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sweep {
    Pending,
    Done,
}

impl User {
    /// The value of the field `sweep` by which unfinished endings are found.
    pub(crate) const SWEEP_PENDING: &'static str = "pending";

    pub(crate) fn sign_up(id: UserId, email: Email, password_hash: PasswordHash, now: Timestamp) -> Self {
        Self {
            id,
            version: Version::FIRST,
            email,
            password_hash,
            created_at: now,
            generation: 0,
            kept_session: None,
            sweep: Sweep::Done,
        }
    }

    /// Whether a session may go on. One of a later generation may: then it is this copy of the
    /// account that is out of date.
    pub(crate) fn admits(&self, session: &Session) -> bool {
        session.user_id == self.id && (session.generation >= self.generation || self.kept_session == Some(session.id))
    }

    /// A new password; every session but `kept` has to end.
    pub(crate) fn change_password(&mut self, hash: PasswordHash, kept: SessionId) {
        self.password_hash = hash;
        self.disown_sessions(Some(kept));
    }

    /// Every session has to end.
    pub(crate) fn sign_out_everywhere(&mut self) {
        self.disown_sessions(None);
    }

    fn disown_sessions(&mut self, kept: Option<SessionId>) {
        self.generation += 1;
        self.kept_session = kept;
        self.sweep = Sweep::Pending;
    }

    /// The sessions not admitted in `generation` have been ended. Returns whether that finishes
    /// the work: a newer generation has its own.
    pub(crate) fn finish_sweep(&mut self, generation: u64) -> bool {
        let finishes = self.generation == generation && self.sweep == Sweep::Pending;
        if finishes {
            self.sweep = Sweep::Done;
        }
        finishes
    }

    /// The same password under today's parameters. Returns whether it took the place of `old`,
    /// which it must not if the password has been changed meanwhile.
    pub(crate) fn rehash(&mut self, old: &PasswordHash, new: PasswordHash) -> bool {
        let is_current = self.password_hash == *old;
        if is_current {
            self.password_hash = new;
        }
        is_current
    }
}

impl Aggregate for User {
    const COLLECTION: &'static Collection = &Collection {
        name: "users",
        indexes: &[
            // E-mail addresses are stored in lower case: one address, one account.
            Index { name: "email", fields: &["email"], unique: true, only: None },
            Index {
                name: "sweep_pending",
                fields: &["sweep"],
                unique: false,
                only: Some(Only { field: "sweep", values: &[Self::SWEEP_PENDING] }),
            },
        ],
    };

    fn id(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;

    use super::*;

    const NOW: Timestamp = Timestamp::MAX;

    fn ada(ids: &IdGenerator) -> User {
        let email = Email::parse("ada@example.com").expect("an address");
        User::sign_up(ids.next(NOW), email, PasswordHash("old".into()), NOW)
    }

    #[test]
    fn a_password_change_keeps_one_session_and_disowns_the_others() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let (kept, other) = (Session::open(ids.next(NOW), &user, NOW), Session::open(ids.next(NOW), &user, NOW));
        assert!(user.admits(&kept) && user.admits(&other));
        user.change_password(PasswordHash("new".into()), kept.id);
        assert!(user.admits(&kept));
        assert!(!user.admits(&other));
        assert!(user.admits(&Session::open(ids.next(NOW), &user, NOW)));
        user.sign_out_everywhere();
        assert!(!user.admits(&kept));
    }

    #[test]
    fn an_outdated_copy_of_the_account_does_not_disown_newer_sessions() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let outdated = ada(&ids);
        let outdated = User { id: user.id, ..outdated };
        user.sign_out_everywhere();
        assert!(outdated.admits(&Session::open(ids.next(NOW), &user, NOW)));
    }

    #[test]
    fn nobody_elses_session_is_admitted() {
        let ids = IdGenerator::seeded(1);
        let session = Session::open(ids.next(NOW), &ada(&ids), NOW);
        assert!(!ada(&ids).admits(&session));
    }

    #[test]
    fn a_sweep_is_finished_only_for_the_generation_it_was_done_for() {
        let mut user = ada(&IdGenerator::seeded(1));
        user.sign_out_everywhere();
        user.sign_out_everywhere();
        assert!(!user.finish_sweep(1));
        assert!(user.finish_sweep(2));
        assert!(!user.finish_sweep(2), "it is done already");
    }

    #[test]
    fn a_new_hash_of_the_old_password_never_overwrites_a_new_password() {
        let mut user = ada(&IdGenerator::seeded(1));
        let (old, changed) = (PasswordHash("old".into()), PasswordHash("changed".into()));
        user.password_hash = changed.clone();
        assert!(!user.rehash(&old, PasswordHash("old, rehashed".into())));
        assert!(user.password_hash == changed);
    }
}
