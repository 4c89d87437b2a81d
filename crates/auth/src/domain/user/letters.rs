//! What is written to an account's owner with a link in it, and what comes of the link.

use common::email::Email;
use common::events::NoticeKind;
use common::id::{NoticeId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{PasswordChanged, PasswordHash, SessionsDisowned, User};
use crate::domain::address::Address;
use crate::domain::letter::{Letter, LinkHash, Purpose};
use crate::domain::notice::Notice;

/// How many letters of one purpose are under way at once: whoever asks again may still find the first.
const UNDER_WAY: usize = 3;

/// The link has been followed before, is too old, or was never sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct LinkIsOver;

/// The link that somebody has followed.
#[derive(Debug, Clone)]
pub(crate) struct FollowedLink {
    pub(crate) user: UserId,
    pub(crate) letter: NoticeId,
    pub(crate) hash: LinkHash,
}

/// The address is its owner's.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AddressConfirmed {
    /// With another address all sessions end: their tokens say the former one.
    pub(crate) disowned: Option<SessionsDisowned>,
    /// Where the former one was the account's, that is told there.
    pub(crate) notice: Option<Notice>,
}

impl User {
    /// Has somebody write to the address, so that its owner can confirm it. If another account holds it, its owner
    /// is told instead; whoever asks does not learn which it is.
    pub(crate) fn ask_to_confirm(&mut self, holder: Option<UserId>, id: NoticeId, now: Timestamp) -> Notice {
        match holder.filter(|holder| *holder != self.id) {
            Some(user_id) => Notice { id, user_id, kind: NoticeKind::SignUpAgain },
            None => self.ask_for(Letter::new(id, Purpose::ConfirmAddress, now), now),
        }
    }

    /// Has the owner of the address written to, so that they can choose another password.
    pub(crate) fn ask_to_reset(&mut self, id: NoticeId, now: Timestamp) -> Outcome<Notice> {
        if self.letters.iter().any(|letter| letter.id == id) {
            return Outcome::Unchanged;
        }
        Outcome::Changed(self.ask_for(Letter::new(id, Purpose::ResetPassword, now), now))
    }

    /// Has somebody write to another address, so that it becomes the account's, unless another account has it.
    pub(crate) fn ask_to_change(&mut self, to: Email, is_free: bool, id: NoticeId, now: Timestamp) -> Option<Notice> {
        is_free.then(|| self.ask_for(Letter::to(to, id, Purpose::ChangeAddress, now), now))
    }

    /// Where a notice goes, if not to the account's address; `None` for one that is not wanted any more.
    pub(crate) fn letter_address(&self, id: NoticeId, kind: NoticeKind) -> Option<&Email> {
        let letter = self.letters.iter().find(|letter| letter.id == id && letter.purpose.kind() == kind)?;
        Some(letter.to.as_ref().unwrap_or(self.email()))
    }

    fn ask_for(&mut self, letter: Letter, now: Timestamp) -> Notice {
        let (id, purpose) = (letter.id, letter.purpose);
        self.letters.retain(|letter| !letter.is_over(now));
        let same: Vec<NoticeId> = self.letters.iter().filter(|it| it.purpose == purpose).map(|it| it.id).collect();
        let surplus = &same[..(same.len() + 1).saturating_sub(UNDER_WAY)];
        self.letters.retain(|letter| !surplus.contains(&letter.id));
        self.letters.push(letter);
        Notice { id, user_id: self.id, kind: purpose.kind() }
    }

    /// Puts a link into a letter. Returns until when it is good; `None` if the letter is not wanted any more.
    pub(crate) fn write_link(
        &mut self,
        (id, kind): (NoticeId, NoticeKind),
        hash: LinkHash,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let letter = self.letters.iter_mut().find(|letter| letter.id == id && letter.purpose.kind() == kind)?;
        letter.write(hash, now)
    }

    /// Whether the link confirms an address.
    pub(crate) fn check_confirmation(&self, link: &FollowedLink, now: Timestamp) -> Result<(), LinkIsOver> {
        match self.followed(link, now)?.purpose {
            Purpose::ConfirmAddress | Purpose::ChangeAddress => Ok(()),
            Purpose::ResetPassword | Purpose::TellFormer => Err(LinkIsOver),
        }
    }

    /// The address is the account's owner's, who has followed a link that was sent there. If it is another one than
    /// before, that is told there as `told`.
    pub(crate) fn confirm_address(
        &mut self,
        link: &FollowedLink,
        told: Option<NoticeId>,
        now: Timestamp,
    ) -> Result<Outcome<AddressConfirmed>, LinkIsOver> {
        let letter = self.followed(link, now)?;
        let confirmed = match (letter.purpose, letter.to.clone()) {
            (Purpose::ConfirmAddress, _) => {
                self.letters.retain(|letter| letter.purpose != Purpose::ConfirmAddress);
                self.address = Address::Confirmed(self.email().clone());
                AddressConfirmed { disowned: None, notice: None }
            }
            (Purpose::ChangeAddress, Some(to)) => self.change_address(to, told, now),
            _ => return Err(LinkIsOver),
        };
        Ok(Outcome::Changed(confirmed))
    }

    fn change_address(&mut self, to: Email, told: Option<NoticeId>, now: Timestamp) -> AddressConfirmed {
        let disowned = self.disown_sessions(now);
        // Links to the former one confirm nothing any more.
        self.letters.retain(|letter| letter.purpose == Purpose::TellFormer && !letter.is_over(now));
        // Of several changes in a row the first matters: it tells the owner.
        let is_told = self.holds_address() && self.letters.len() < UNDER_WAY;
        let notice = told.filter(|_| is_told).map(|id| {
            self.letters.push(Letter::to(self.email().clone(), id, Purpose::TellFormer, now));
            Notice { id, user_id: self.id, kind: NoticeKind::AddressChanged }
        });
        self.address = Address::Confirmed(to);
        AddressConfirmed { disowned: Some(disowned), notice }
    }

    /// Whether the link lets somebody choose another password.
    pub(crate) fn check_reset(&self, link: &FollowedLink, now: Timestamp) -> Result<(), LinkIsOver> {
        match self.followed(link, now)?.purpose {
            Purpose::ResetPassword => Ok(()),
            _ => Err(LinkIsOver),
        }
    }

    /// Another password, chosen by whoever reads mail at the address. All sessions end, and no other link is good any
    /// more: who had them sent may be who has to be kept out. Where nobody had shown before that the address is theirs,
    /// whoever made the account may have been a stranger to it, so passkeys and codes go, too.
    pub(crate) fn reset_password(
        &mut self,
        link: &FollowedLink,
        hash: PasswordHash,
        notice: Option<NoticeId>,
        now: Timestamp,
    ) -> Result<Outcome<PasswordChanged>, LinkIsOver> {
        self.check_reset(link, now)?;
        self.letters.retain(|letter| letter.purpose == Purpose::TellFormer);
        if !self.is_confirmed() {
            self.passkeys.clear();
            self.second_factor = None;
        }
        self.address = Address::Confirmed(self.email().clone());
        Ok(self.change_password(self.generation, hash, notice, now))
    }

    /// The letter that a link was in, if it is still good.
    fn followed(&self, link: &FollowedLink, now: Timestamp) -> Result<&Letter, LinkIsOver> {
        let is_it = |letter: &&Letter| letter.id == link.letter && letter.has(&link.hash, now);
        self.letters.iter().find(is_it).filter(|_| link.user == self.id).ok_or(LinkIsOver)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::id::IdGenerator;

    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_millis(1_000_000_000)
    }

    fn claimant(ids: &IdGenerator) -> User {
        let email = Email::parse("ada@example.com").expect("an address");
        User::claim(ids.next(now()), email, PasswordHash(String::new()), now())
    }

    fn hash(text: &str) -> LinkHash {
        LinkHash(text.into())
    }

    /// Asks for a letter and writes a link into it.
    fn sent(user: &mut User, id: NoticeId, text: &str) -> FollowedLink {
        let notice = user.ask_to_confirm(None, id, now());
        assert_eq!(notice, Notice { id, user_id: user.id, kind: NoticeKind::ConfirmAddress });
        assert!(user.write_link((id, NoticeKind::ConfirmAddress), hash(text), now()).is_some());
        FollowedLink { user: user.id, letter: id, hash: hash(text) }
    }

    #[test]
    fn a_followed_link_confirms_the_address_once() {
        let ids = IdGenerator::seeded(1);
        let mut user = claimant(&ids);
        assert!(!user.is_confirmed() && !user.holds_address());
        let (first, second) = (sent(&mut user, ids.next(now()), "1"), sent(&mut user, ids.next(now()), "2"));
        let confirmed = AddressConfirmed { disowned: None, notice: None };
        assert_eq!(user.confirm_address(&first, None, now()), Ok(Outcome::Changed(confirmed)));
        assert!(user.is_confirmed() && user.holds_address());
        for link in [first, second] {
            assert_eq!(user.confirm_address(&link, None, now()), Err(LinkIsOver));
        }
    }

    #[test]
    fn only_what_was_sent_is_followed_and_only_while_it_is_good() {
        let ids = IdGenerator::seeded(1);
        let (mut user, other) = (claimant(&ids), claimant(&ids));
        let link = sent(&mut user, ids.next(now()), "1");
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(user.confirm_address(&link, None, now() + day), Err(LinkIsOver));
        for wrong in [
            FollowedLink { hash: hash("2"), ..link.clone() },
            FollowedLink { letter: ids.next(now()), ..link.clone() },
            FollowedLink { user: other.id, ..link.clone() },
        ] {
            assert_eq!(user.confirm_address(&wrong, None, now()), Err(LinkIsOver), "{wrong:?}");
        }
        assert!(user.confirm_address(&link, None, now() + day - Duration::from_millis(1)).is_ok());
    }

    #[test]
    fn of_another_accounts_address_its_owner_is_told() {
        let ids = IdGenerator::seeded(1);
        let (mut user, holder) = (claimant(&ids), claimant(&ids));
        let id = ids.next(now());
        let notice = user.ask_to_confirm(Some(holder.id), id, now());
        assert_eq!(notice, Notice { id, user_id: holder.id, kind: NoticeKind::SignUpAgain });
        assert_eq!(user.write_link((id, NoticeKind::ConfirmAddress), hash("1"), now()), None, "there is no link to it");
        let own = user.id;
        assert_eq!(user.ask_to_confirm(Some(own), id, now()).kind, NoticeKind::ConfirmAddress);
    }

    #[test]
    fn the_last_letters_are_written_and_no_others() {
        let ids = IdGenerator::seeded(1);
        let mut user = claimant(&ids);
        let asked: Vec<NoticeId> = (0..UNDER_WAY + 1).map(|_| ids.next(now())).collect();
        for id in &asked {
            user.ask_to_confirm(None, *id, now());
        }
        let mut write = |id, kind| user.write_link((id, kind), hash("1"), now()).is_some();
        assert!(!write(asked[0], NoticeKind::ConfirmAddress));
        assert!(asked[1..].iter().all(|id| write(*id, NoticeKind::ConfirmAddress)));
        assert!(!write(asked[1], NoticeKind::ResetPassword), "that is another letter");
    }

    #[test]
    fn another_password_confirms_the_address_ends_all_sessions_and_makes_all_links_useless() {
        let ids = IdGenerator::seeded(1);
        let mut user = claimant(&ids);
        let confirmation = sent(&mut user, ids.next(now()), "1");
        let letter: NoticeId = ids.next(now());
        let notice = user.ask_to_reset(letter, now()).changed().expect("it is the first");
        assert_eq!(notice, Notice { id: letter, user_id: user.id, kind: NoticeKind::ResetPassword });
        assert_eq!(user.ask_to_reset(letter, now()), Outcome::Unchanged, "it was asked for before");
        assert!(user.write_link((letter, NoticeKind::ResetPassword), hash("2"), now()).is_some());
        let link = FollowedLink { user: user.id, letter, hash: hash("2") };
        assert_eq!((user.check_reset(&link, now()), user.check_reset(&confirmation, now())), (Ok(()), Err(LinkIsOver)));
        let (generation, told) = (user.generation, ids.next(now()));
        let changed = user.reset_password(&link, PasswordHash("new".into()), Some(told), now());
        let changed = changed.expect("the link is good").changed().expect("it is another password");
        assert_eq!(changed.notice.map(|notice| (notice.id, notice.kind)), Some((told, NoticeKind::PasswordChanged)));
        assert!(user.is_confirmed() && user.generation == generation + 1);
        assert!(user.password_hash == PasswordHash("new".into()));
        assert_eq!(user.check_reset(&link, now()), Err(LinkIsOver));
        assert_eq!(user.confirm_address(&confirmation, None, now()), Err(LinkIsOver));
    }

    /// An account with a confirmed address, and the link that makes another one its.
    fn changing(ids: &IdGenerator) -> (User, FollowedLink) {
        let mut user = claimant(ids);
        let confirmation = sent(&mut user, ids.next(now()), "1");
        assert!(user.confirm_address(&confirmation, None, now()).is_ok());
        let (to, id) = (Email::parse("ada@example.org").expect("an address"), ids.next(now()));
        let notice = user.ask_to_change(to, true, id, now());
        assert_eq!(notice, Some(Notice { id, user_id: user.id, kind: NoticeKind::ConfirmAddress }));
        assert_eq!(user.letter_address(id, NoticeKind::ConfirmAddress).map(Email::as_str), Some("ada@example.org"));
        assert!(user.write_link((id, NoticeKind::ConfirmAddress), hash("2"), now()).is_some());
        let link = FollowedLink { user: user.id, letter: id, hash: hash("2") };
        (user, link)
    }

    #[test]
    fn another_address_is_the_accounts_once_it_is_confirmed_and_the_former_one_is_told() {
        let ids = IdGenerator::seeded(1);
        let (mut user, link) = changing(&ids);
        assert_eq!(user.check_reset(&link, now()), Err(LinkIsOver), "it does nothing else");
        let (generation, told) = (user.generation, ids.next(now()));
        let confirmed = user.confirm_address(&link, Some(told), now()).expect("the link is good").changed();
        let AddressConfirmed { disowned, notice } = confirmed.expect("it is another address");
        assert!(disowned.is_some() && user.generation == generation + 1);
        assert_eq!(notice, Some(Notice { id: told, user_id: user.id, kind: NoticeKind::AddressChanged }));
        assert_eq!((user.email().as_str(), user.is_confirmed()), ("ada@example.org", true));
        assert_eq!(user.letter_address(told, NoticeKind::AddressChanged).map(Email::as_str), Some("ada@example.com"));
        assert_eq!(user.confirm_address(&link, None, now()), Err(LinkIsOver));
    }

    #[test]
    fn a_change_that_another_has_begun_ends_with_all_sessions() {
        let (mut user, link) = changing(&IdGenerator::seeded(1));
        assert!(user.sign_out_everywhere(user.generation, now()).is_changed());
        assert_eq!(user.confirm_address(&link, None, now()), Err(LinkIsOver));
        assert_eq!(user.email().as_str(), "ada@example.com");
    }

    #[test]
    fn whoever_changes_the_address_cannot_keep_its_owner_from_being_told() {
        let ids = IdGenerator::seeded(1);
        let (mut user, link) = changing(&ids);
        let first: NoticeId = ids.next(now());
        assert!(user.confirm_address(&link, Some(first), now()).is_ok());
        for number in 0..UNDER_WAY + 1 {
            let (to, id) = (Email::parse(&format!("eve-{number}@example.org")).expect("an address"), ids.next(now()));
            assert!(user.ask_to_change(to, true, id, now()).is_some());
            assert!(user.write_link((id, NoticeKind::ConfirmAddress), hash("3"), now()).is_some());
            let link = FollowedLink { user: user.id, letter: id, hash: hash("3") };
            assert!(user.confirm_address(&link, Some(ids.next(now())), now()).is_ok());
        }
        let reset: NoticeId = ids.next(now());
        assert!(user.ask_to_reset(reset, now()).is_changed());
        assert!(user.write_link((reset, NoticeKind::ResetPassword), hash("4"), now()).is_some());
        let link = FollowedLink { user: user.id, letter: reset, hash: hash("4") };
        assert!(user.reset_password(&link, PasswordHash("new".into()), None, now()).is_ok());
        assert_eq!(user.letter_address(first, NoticeKind::AddressChanged).map(Email::as_str), Some("ada@example.com"));
    }

    #[test]
    fn of_an_address_that_another_account_has_nothing_is_sent() {
        let ids = IdGenerator::seeded(1);
        let (mut user, _) = changing(&ids);
        let (to, id) = (Email::parse("bob@example.org").expect("an address"), ids.next(now()));
        assert_eq!(user.ask_to_change(to, false, id, now()), None);
        assert_eq!(user.letter_address(id, NoticeKind::ConfirmAddress), None);
    }

    #[test]
    fn a_stranger_is_not_told_of_what_happens_to_an_account_that_claims_their_address() {
        let ids = IdGenerator::seeded(1);
        let mut user = claimant(&ids);
        let changed = user.change_password(0, PasswordHash("new".into()), Some(ids.next(now())), now()).changed();
        assert_eq!(changed.expect("it is the same generation").notice, None);
    }
}
