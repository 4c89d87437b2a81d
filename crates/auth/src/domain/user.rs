use std::time::Duration;

use common::email::Email;
use common::events::NoticeKind;
use common::id::{NoticeId, SessionId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::session::Session;

/// A password's argon2 hash as a PHC string, which names its own parameters and salt.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PasswordHash(pub(crate) String);

/// Somebody's account.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: UserId,
    pub(crate) email: Email,
    pub(crate) password_hash: PasswordHash,
    created_at: Timestamp,
    /// One more each time all sessions before are to end. A session remembers the generation it
    /// was opened in, so a sign-in that read the account before a password change opens a session
    /// that the account does not admit any more.
    pub(crate) generation: u64,
    /// The one session of a former generation that goes on: earlier versions left one alive when the
    /// password changed.
    #[serde(default)]
    kept_session: Option<SessionId>,
    /// Sessions of the present generation begin at this moment or later, and those of former ones before
    /// it, unless the clock of the replica that opened them was ahead.
    #[serde(default = "the_beginning")]
    pub(crate) sessions_from: Timestamp,
    /// Whether sessions of former generations may still have to be ended: what a crash in the
    /// middle of a password change leaves behind is found by this.
    sweep: Sweep,
}

/// All sessions of the account have ended that began before this moment.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionsDisowned {
    pub(crate) before: Timestamp,
}

/// The password is another one, and all sessions have ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PasswordChanged {
    pub(crate) disowned: SessionsDisowned,
    /// What the owner is to be told, if anything.
    pub(crate) notice: Option<Notice>,
}

/// Before every session: what the accounts of earlier versions say.
fn the_beginning() -> Timestamp {
    Timestamp::from_millis(0)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Sweep {
    Pending,
    Done,
}

impl User {
    pub(crate) fn sign_up(id: UserId, email: Email, password_hash: PasswordHash, now: Timestamp) -> Self {
        Self {
            id,
            email,
            password_hash,
            created_at: now,
            generation: 0,
            kept_session: None,
            sessions_from: the_beginning(),
            sweep: Sweep::Done,
        }
    }

    /// Whether a session may go on. One of a later generation may: then it is this copy of the
    /// account that is out of date.
    pub(crate) fn admits(&self, session: &Session) -> bool {
        session.user_id == self.id && (session.generation >= self.generation || self.kept_session == Some(session.id))
    }

    /// A new password; every session has to end. It was decided when the account was in `generation`: in a
    /// later one the password that was proved may not be the present one. The owner is told in `notice`.
    pub(crate) fn change_password(
        &mut self,
        generation: u64,
        hash: PasswordHash,
        notice: Option<NoticeId>,
        now: Timestamp,
    ) -> Outcome<PasswordChanged> {
        if self.generation != generation {
            return Outcome::Unchanged;
        }
        self.password_hash = hash;
        let notice = notice.map(|id| Notice { id, user_id: self.id, kind: NoticeKind::PasswordChanged });
        Outcome::Changed(PasswordChanged { disowned: self.disown_sessions(now), notice })
    }

    /// Every session of `generation` has to end, if that is not done already.
    pub(crate) fn sign_out_everywhere(&mut self, generation: u64, now: Timestamp) -> Outcome<SessionsDisowned> {
        if self.generation != generation {
            return Outcome::Unchanged;
        }
        Outcome::Changed(self.disown_sessions(now))
    }

    /// The moment is after all that began until `now`, also in the same millisecond.
    fn disown_sessions(&mut self, now: Timestamp) -> SessionsDisowned {
        self.generation += 1;
        self.kept_session = None;
        self.sessions_from = now.max(self.sessions_from) + Duration::from_millis(1);
        self.sweep = Sweep::Pending;
        SessionsDisowned { before: self.sessions_from }
    }

    /// The sessions not admitted in `generation` have been ended. That finishes the work, unless
    /// there is a newer generation, which has its own.
    pub(crate) fn finish_sweep(&mut self, generation: u64) -> Outcome<()> {
        if self.generation != generation || self.sweep == Sweep::Done {
            return Outcome::Unchanged;
        }
        self.sweep = Sweep::Done;
        Outcome::Changed(())
    }

    /// The same password under today's parameters. It replaces only the hash `old`: the password may
    /// have been changed meanwhile.
    pub(crate) fn rehash(&mut self, old: &PasswordHash, new: PasswordHash) -> Outcome<()> {
        if self.password_hash != *old {
            return Outcome::Unchanged;
        }
        self.password_hash = new;
        Outcome::Changed(())
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;

    use super::super::device_name::DeviceName;
    use super::*;

    const TOKEN_LIFE: Duration = Duration::from_secs(12 * 3600);

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000_000)
    }

    fn hash(text: &str) -> PasswordHash {
        PasswordHash(text.into())
    }

    fn ada(ids: &IdGenerator) -> User {
        let email = Email::parse("ada@example.com").expect("an address");
        User::sign_up(ids.next(now()), email, hash("old"), now())
    }

    fn session_of(user: &User, ids: &IdGenerator) -> Session {
        Session::open(ids.next(now()), user, DeviceName::default(), now(), TOKEN_LIFE)
    }

    #[test]
    fn a_password_change_disowns_all_sessions_that_began_before_it() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let before = session_of(&user, &ids);
        assert!(user.admits(&before));
        let id = ids.next(now());
        let changed = user.change_password(0, hash("new"), Some(id), now()).changed();
        let PasswordChanged { disowned, notice } = changed.expect("it is the same generation");
        assert_eq!(notice, Some(Notice { id, user_id: user.id, kind: NoticeKind::PasswordChanged }));
        assert!(user.password_hash == hash("new"));
        assert!(!user.admits(&before) && before.created_at < disowned.before);
        let after = session_of(&user, &ids);
        assert!(user.admits(&after) && after.created_at >= disowned.before, "although the clock stands still");
        let slow = now() - TOKEN_LIFE;
        let later = user.sign_out_everywhere(1, slow).changed().expect("it is the same generation");
        assert!(!user.admits(&after) && after.created_at < later.before, "although a clock is behind");
    }

    #[test]
    fn the_session_that_an_earlier_version_kept_goes_on_until_the_next_act() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let (kept, other) = (session_of(&user, &ids), session_of(&user, &ids));
        (user.generation, user.kept_session) = (1, Some(kept.id));
        assert!(user.admits(&kept) && !user.admits(&other));
        assert!(user.sign_out_everywhere(1, now()).is_changed());
        assert!(!user.admits(&kept));
    }

    #[test]
    fn what_was_decided_in_a_former_generation_changes_nothing() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        assert!(user.sign_out_everywhere(0, now()).is_changed());
        let session = session_of(&user, &ids);
        assert_eq!(user.change_password(0, hash("new"), None, now()), Outcome::Unchanged);
        assert_eq!(user.sign_out_everywhere(0, now()), Outcome::Unchanged);
        assert!(user.password_hash == hash("old"));
        assert!(user.admits(&session));
    }

    #[test]
    fn an_outdated_copy_of_the_account_does_not_disown_newer_sessions() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        let outdated = user.clone();
        assert!(user.sign_out_everywhere(0, now()).is_changed());
        assert!(outdated.admits(&session_of(&user, &ids)));
    }

    #[test]
    fn nobody_elses_session_is_admitted() {
        let ids = IdGenerator::seeded(1);
        let session = session_of(&ada(&ids), &ids);
        assert!(!ada(&ids).admits(&session));
    }

    #[test]
    fn a_sweep_is_finished_only_for_the_generation_it_was_done_for() {
        let mut user = ada(&IdGenerator::seeded(1));
        assert!(user.sign_out_everywhere(0, now()).is_changed());
        assert!(user.sign_out_everywhere(1, now()).is_changed());
        assert_eq!(user.finish_sweep(1), Outcome::Unchanged);
        assert_eq!(user.finish_sweep(2), Outcome::Changed(()));
        assert_eq!(user.finish_sweep(2), Outcome::Unchanged, "it is done already");
    }

    #[test]
    fn a_new_hash_of_the_old_password_never_overwrites_a_new_password() {
        let mut user = ada(&IdGenerator::seeded(1));
        assert_eq!(user.rehash(&hash("old"), hash("old, rehashed")), Outcome::Changed(()));
        user.password_hash = hash("changed");
        assert_eq!(user.rehash(&hash("old, rehashed"), hash("old, rehashed again")), Outcome::Unchanged);
        assert!(user.password_hash == hash("changed"));
    }
}
