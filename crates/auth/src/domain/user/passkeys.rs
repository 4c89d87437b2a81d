//! An account's passkeys, and what is asked for beside its password.

use common::events::NoticeKind;
use common::id::{NoticeId, PasskeyId};
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::User;
use crate::domain::notice::Notice;
use crate::domain::passkey::{Credential, Passkey};
use crate::domain::recovery_code::CodeHash;

/// How many passkeys an account has at the most: more than anybody has devices.
const PASSKEYS: usize = 20;

/// What is asked for beside the password: a passkey, or one of these codes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecondFactor {
    codes: Vec<CodeHash>,
}

/// Why a passkey is not added.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PasskeyRefused {
    /// There are as many as an account may have.
    TooMany,
    /// It is one of the account's.
    Known,
    /// All sessions have been ended since it was begun.
    Outdated,
}

/// There is none that could be asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoPasskey;

impl User {
    pub(crate) fn passkeys(&self) -> &[Passkey] {
        &self.passkeys
    }

    /// The passkey that its authenticator calls so.
    pub(crate) fn passkey_of(&self, credential_id: &str) -> Option<&Passkey> {
        self.passkeys.iter().find(|passkey| passkey.credential.credential_id == credential_id)
    }

    /// Whether the password alone lets nobody in.
    pub(crate) fn has_second_factor(&self) -> bool {
        self.second_factor.is_some()
    }

    /// How many recovery codes have not been used.
    pub(crate) fn recovery_codes_left(&self) -> usize {
        self.second_factor.as_ref().map_or(0, |factor| factor.codes.len())
    }

    /// Another passkey, decided when the account was in `generation`.
    pub(crate) fn add_passkey(
        &mut self,
        generation: u64,
        passkey: Passkey,
        notice: Option<NoticeId>,
    ) -> Result<Outcome<Option<Notice>>, PasskeyRefused> {
        if self.generation != generation {
            return Err(PasskeyRefused::Outdated);
        }
        if self.passkey_of(&passkey.credential.credential_id).is_some() {
            return Err(PasskeyRefused::Known);
        }
        if self.passkeys.len() >= PASSKEYS {
            return Err(PasskeyRefused::TooMany);
        }
        self.passkeys.push(passkey);
        Ok(Outcome::Changed(self.told(notice, NoticeKind::SignInChanged)))
    }

    /// Removes a passkey. With the last one goes what else was asked for: there would be nothing to ask for but codes on
    /// paper.
    pub(crate) fn remove_passkey(
        &mut self,
        generation: u64,
        id: PasskeyId,
        notice: Option<NoticeId>,
    ) -> Outcome<Option<Notice>> {
        let is_there = self.passkeys.iter().any(|passkey| passkey.id == id);
        if self.generation != generation || !is_there {
            return Outcome::Unchanged;
        }
        self.passkeys.retain(|passkey| passkey.id != id);
        if self.passkeys.is_empty() {
            self.second_factor = None;
        }
        Outcome::Changed(self.told(notice, NoticeKind::SignInChanged))
    }

    /// From now on the password alone lets nobody in. These codes take the place of those of before.
    pub(crate) fn require_second_factor(
        &mut self,
        generation: u64,
        codes: Vec<CodeHash>,
        notice: Option<NoticeId>,
    ) -> Result<Outcome<Option<Notice>>, NoPasskey> {
        if self.generation != generation {
            return Ok(Outcome::Unchanged);
        }
        if self.passkeys.is_empty() {
            return Err(NoPasskey);
        }
        self.second_factor = Some(SecondFactor { codes });
        Ok(Outcome::Changed(self.told(notice, NoticeKind::SignInChanged)))
    }

    /// The password lets somebody in, as before. If it did already, that is done.
    pub(crate) fn drop_second_factor(&mut self, generation: u64, notice: Option<NoticeId>) -> Outcome<Option<Notice>> {
        if self.generation != generation || self.second_factor.is_none() {
            return Outcome::Unchanged;
        }
        self.second_factor = None;
        Outcome::Changed(self.told(notice, NoticeKind::SignInChanged))
    }

    /// Notes that a passkey has been used, which was found right when it was `before`, and is `after` from now on. If it
    /// has changed since, somebody else has used it meanwhile: a copy of it must not be let in by that.
    pub(crate) fn use_passkey(&mut self, before: &Credential, after: Credential, now: Timestamp) -> Outcome<()> {
        let Some(passkey) = self.passkeys.iter_mut().find(|passkey| passkey.credential == *before) else {
            return Outcome::Unchanged;
        };
        passkey.last_used_at = passkey.last_used_at.max(Some(now));
        passkey.credential = after;
        Outcome::Changed(())
    }

    /// Takes a recovery code, once, from somebody who knew the password when the account was in `generation`.
    pub(crate) fn use_recovery_code(
        &mut self,
        generation: u64,
        code: &CodeHash,
        notice: Option<NoticeId>,
    ) -> Outcome<Option<Notice>> {
        let Some(factor) = self.second_factor.as_mut().filter(|_| self.generation == generation) else {
            return Outcome::Unchanged;
        };
        let Some(place) = factor.codes.iter().position(|kept| kept == code) else { return Outcome::Unchanged };
        factor.codes.remove(place);
        Outcome::Changed(self.told(notice, NoticeKind::RecoveryCodeUsed))
    }

    /// What the owner is told, unless the address may be a stranger's.
    fn told(&self, notice: Option<NoticeId>, kind: NoticeKind) -> Option<Notice> {
        notice.filter(|_| self.holds_address()).map(|id| Notice { id, user_id: self.id, kind })
    }
}

#[cfg(test)]
mod tests {
    use common::email::Email;
    use common::id::IdGenerator;

    use super::*;
    use crate::domain::passkey::PasskeyName;
    use crate::domain::user::PasswordHash;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000_000)
    }

    fn ada(ids: &IdGenerator) -> User {
        let email = Email::parse("ada@example.com").expect("an address");
        User::sign_up(ids.next(now()), email, PasswordHash(String::new()), now())
    }

    fn passkey(ids: &IdGenerator, number: usize) -> Passkey {
        let credential = Credential { credential_id: format!("credential {number}"), public_key: "key".into() };
        let name = PasskeyName::parse("My phone").expect("a name");
        Passkey { id: ids.next(now()), name, created_at: now(), last_used_at: None, credential }
    }

    fn code(number: usize) -> CodeHash {
        CodeHash(number.to_string())
    }

    /// An account with a passkey, which asks for it beside the password.
    fn guarded(ids: &IdGenerator) -> (User, Passkey) {
        let (mut user, passkey) = (ada(ids), passkey(ids, 1));
        assert_eq!(user.add_passkey(0, passkey.clone(), None), Ok(Outcome::Changed(None)));
        assert_eq!(user.require_second_factor(0, vec![code(1), code(2)], None), Ok(Outcome::Changed(None)));
        (user, passkey)
    }

    #[test]
    fn passkeys_are_added_once_each_and_not_without_end() {
        let ids = IdGenerator::seeded(1);
        let (mut user, id) = (ada(&ids), ids.next(now()));
        let told = Notice { id, user_id: user.id, kind: NoticeKind::SignInChanged };
        assert_eq!(user.add_passkey(0, passkey(&ids, 0), Some(id)), Ok(Outcome::Changed(Some(told))));
        assert_eq!(user.add_passkey(0, passkey(&ids, 0), None), Err(PasskeyRefused::Known));
        assert_eq!(user.add_passkey(1, passkey(&ids, 1), None), Err(PasskeyRefused::Outdated));
        for number in 1..PASSKEYS {
            assert!(user.add_passkey(0, passkey(&ids, number), None).is_ok());
        }
        assert_eq!(user.add_passkey(0, passkey(&ids, PASSKEYS), None), Err(PasskeyRefused::TooMany));
        assert_eq!(user.passkeys().len(), PASSKEYS);
    }

    #[test]
    fn nothing_is_asked_for_that_is_not_there() {
        let ids = IdGenerator::seeded(1);
        let mut user = ada(&ids);
        assert_eq!(user.require_second_factor(0, vec![code(1)], None), Err(NoPasskey));
        assert!(!user.has_second_factor());
        let (mut user, passkey) = guarded(&ids);
        assert!(user.has_second_factor());
        assert_eq!(user.remove_passkey(1, passkey.id, None), Outcome::Unchanged, "sessions have ended since");
        assert_eq!(user.remove_passkey(0, passkey.id, None), Outcome::Changed(None));
        assert!(!user.has_second_factor() && user.passkeys().is_empty());
        assert_eq!(user.remove_passkey(0, passkey.id, None), Outcome::Unchanged);
    }

    #[test]
    fn one_of_several_passkeys_leaves_what_is_asked_for() {
        let ids = IdGenerator::seeded(1);
        let (mut user, first) = guarded(&ids);
        assert!(user.add_passkey(0, passkey(&ids, 2), None).is_ok());
        assert!(user.remove_passkey(0, first.id, None).is_changed());
        assert!(user.has_second_factor());
    }

    #[test]
    fn a_code_is_used_once_and_new_ones_take_the_place_of_all() {
        let ids = IdGenerator::seeded(1);
        let (mut user, _) = guarded(&ids);
        let id = ids.next(now());
        let told = Notice { id, user_id: user.id, kind: NoticeKind::RecoveryCodeUsed };
        assert_eq!(user.use_recovery_code(1, &code(1), None), Outcome::Unchanged, "another password was right");
        assert_eq!(user.use_recovery_code(0, &code(1), Some(id)), Outcome::Changed(Some(told)));
        assert_eq!(user.use_recovery_code(0, &code(1), Some(id)), Outcome::Unchanged);
        assert_eq!(user.recovery_codes_left(), 1);
        assert_eq!(user.require_second_factor(0, vec![code(3)], None), Ok(Outcome::Changed(None)));
        assert_eq!(user.use_recovery_code(0, &code(2), None), Outcome::Unchanged);
        assert!(user.use_recovery_code(0, &code(3), None).is_changed());
        assert_eq!((user.recovery_codes_left(), user.has_second_factor()), (0, true), "the passkey is left");
    }

    #[test]
    fn another_password_leaves_what_is_asked_for_beside_it() {
        let ids = IdGenerator::seeded(1);
        let (mut user, _) = guarded(&ids);
        assert!(user.change_password(0, PasswordHash("new".into()), None, now()).is_changed());
        assert_eq!((user.has_second_factor(), user.recovery_codes_left()), (true, 2));
        assert_eq!(user.drop_second_factor(0, None), Outcome::Unchanged, "it was decided before");
        assert_eq!(user.drop_second_factor(1, None), Outcome::Changed(None));
        assert_eq!((user.has_second_factor(), user.recovery_codes_left()), (false, 0));
        assert_eq!(user.drop_second_factor(1, None), Outcome::Unchanged);
    }

    #[test]
    fn a_passkey_that_has_signed_meanwhile_is_not_used_on_what_was_known_before() {
        let ids = IdGenerator::seeded(1);
        let (mut user, passkey) = guarded(&ids);
        let counted = |count: &str| Credential { public_key: count.into(), ..passkey.credential.clone() };
        assert_eq!(user.use_passkey(&passkey.credential, counted("1"), now()), Outcome::Changed(()));
        assert_eq!(user.passkeys()[0].last_used_at, Some(now()));
        assert_eq!(user.use_passkey(&passkey.credential, counted("1"), now()), Outcome::Unchanged);
        assert_eq!(user.use_passkey(&counted("1"), counted("2"), now()), Outcome::Changed(()));
    }

    #[test]
    fn nothing_of_it_is_left_of_an_account_that_is_gone() {
        let (mut user, _) = guarded(&IdGenerator::seeded(1));
        assert!(user.erase(0, now()).is_changed());
        assert!(user.passkeys().is_empty() && !user.has_second_factor());
    }

    #[test]
    fn a_stranger_is_told_nothing_of_an_account_that_claims_their_address() {
        let ids = IdGenerator::seeded(1);
        let email = Email::parse("ada@example.com").expect("an address");
        let mut user = User::claim(ids.next(now()), email, PasswordHash(String::new()), now());
        assert_eq!(user.add_passkey(0, passkey(&ids, 1), Some(ids.next(now()))), Ok(Outcome::Changed(None)));
    }
}
