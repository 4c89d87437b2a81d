mod letters;
mod passkeys;

use std::time::Duration;

use common::email::Email;
use common::events::NoticeKind;
use common::id::{NoticeId, SessionId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::address::Address;
use super::letter::Letter;
use super::notice::Notice;
use super::passkey::Passkey;
use super::session::Session;
pub(crate) use letters::{AddressConfirmed, FollowedLink, LinkIsOver};
use passkeys::SecondFactor;
pub(crate) use passkeys::{NoPasskey, PasskeyRefused};

/// A password's argon2 hash as a PHC string, which names its own parameters and salt.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PasswordHash(pub(crate) String);

/// Somebody's account.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) id: UserId,
    #[serde(flatten)]
    address: Address,
    pub(crate) password_hash: PasswordHash,
    pub(crate) created_at: Timestamp,
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
    /// The mails with links that somebody may still follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    letters: Vec<Letter>,
    /// What lets its owner in without a password.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    passkeys: Vec<Passkey>,
    /// What is asked for beside the password; nothing, unless the owner has wanted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second_factor: Option<SecondFactor>,
    /// When it was erased: of such an account nothing is left but that.
    #[serde(default)]
    erased_at: Option<Timestamp>,
}

/// The account is gone, and all sessions with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AccountErased {
    pub(crate) disowned: SessionsDisowned,
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
    /// A new account, which holds its address at once.
    pub(crate) fn sign_up(id: UserId, email: Email, password_hash: PasswordHash, now: Timestamp) -> Self {
        Self::new(id, Address::Trusted(email), password_hash, now)
    }

    /// A new account where addresses have to be confirmed: until it does that, others may claim the same one.
    pub(crate) fn claim(id: UserId, email: Email, password_hash: PasswordHash, now: Timestamp) -> Self {
        Self::new(id, Address::Claimed { email, by: id }, password_hash, now)
    }

    fn new(id: UserId, address: Address, password_hash: PasswordHash, now: Timestamp) -> Self {
        Self {
            id,
            address,
            password_hash,
            created_at: now,
            generation: 0,
            kept_session: None,
            sessions_from: the_beginning(),
            sweep: Sweep::Done,
            letters: Vec::new(),
            passkeys: Vec::new(),
            second_factor: None,
            erased_at: None,
        }
    }

    /// Where they are written to.
    pub(crate) fn email(&self) -> &Email {
        self.address.email()
    }

    /// Whether the account is gone.
    pub(crate) fn is_erased(&self) -> bool {
        self.erased_at.is_some()
    }

    /// Nothing is left of the account but that it was erased, which was decided when it was in `generation`.
    pub(crate) fn erase(&mut self, generation: u64, now: Timestamp) -> Outcome<AccountErased> {
        if self.generation != generation || self.is_erased() {
            return Outcome::Unchanged;
        }
        let disowned = self.disown_sessions(now);
        self.address = Address::Erased { of: self.id };
        self.password_hash = PasswordHash(String::new());
        self.letters.clear();
        self.passkeys.clear();
        self.second_factor = None;
        (self.created_at, self.erased_at) = (now, Some(now));
        Outcome::Changed(AccountErased { disowned })
    }

    /// Whether they have shown that they read mail there.
    pub(crate) fn is_confirmed(&self) -> bool {
        matches!(self.address, Address::Confirmed(_))
    }

    /// Whether the address is theirs, rather than one that they claim.
    pub(crate) fn holds_address(&self) -> bool {
        matches!(self.address, Address::Trusted(_) | Address::Confirmed(_))
    }

    /// Whether a session may go on. One of a later generation may: then it is this copy of the
    /// account that is out of date.
    pub(crate) fn admits(&self, session: &Session) -> bool {
        session.user_id == self.id && (session.generation >= self.generation || self.kept_session == Some(session.id))
    }

    /// A new password; every session has to end. It was decided when the account was in `generation`: in a
    /// later one the password that was proved may not be the present one. The owner is told in `notice`, unless the
    /// address may be a stranger's.
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
        let notice = notice.filter(|_| self.holds_address());
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
        self.letters.retain(|letter| letter.purpose.outlives_sessions());
        self.kept_session = None;
        self.sessions_from = now.max(self.sessions_from) + Duration::from_millis(1);
        self.sweep = Sweep::Pending;
        SessionsDisowned { before: self.sessions_from }
    }

    /// Whether sessions may still have to be ended.
    pub(crate) fn has_pending_sweep(&self) -> bool {
        self.sweep == Sweep::Pending
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
mod tests;
