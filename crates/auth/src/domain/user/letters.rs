//! What is written to an account's owner with a link in it, and what comes of the link.

use common::events::NoticeKind;
use common::id::{NoticeId, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;

use super::{PasswordChanged, PasswordHash, User};
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

impl User {
    /// Has somebody write to the address, so that its owner can confirm it. If another account holds it, its owner
    /// is told instead; whoever asks does not learn which it is.
    pub(crate) fn ask_to_confirm(&mut self, holder: Option<UserId>, id: NoticeId, now: Timestamp) -> Notice {
        match holder.filter(|holder| *holder != self.id) {
            Some(user_id) => Notice { id, user_id, kind: NoticeKind::SignUpAgain },
            None => self.ask_for(Purpose::ConfirmAddress, id, now),
        }
    }

    /// Has the owner of the address written to, so that they can choose another password.
    pub(crate) fn ask_to_reset(&mut self, id: NoticeId, now: Timestamp) -> Outcome<Notice> {
        if self.letters.iter().any(|letter| letter.id == id) {
            return Outcome::Unchanged;
        }
        Outcome::Changed(self.ask_for(Purpose::ResetPassword, id, now))
    }

    fn ask_for(&mut self, purpose: Purpose, id: NoticeId, now: Timestamp) -> Notice {
        self.letters.retain(|letter| !letter.is_over(now));
        let same: Vec<NoticeId> = self.letters.iter().filter(|it| it.purpose == purpose).map(|it| it.id).collect();
        let surplus = &same[..(same.len() + 1).saturating_sub(UNDER_WAY)];
        self.letters.retain(|letter| !surplus.contains(&letter.id));
        self.letters.push(Letter::new(id, purpose, now));
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

    /// The address is its owner's: they have followed a link that was sent there.
    pub(crate) fn confirm_address(&mut self, link: &FollowedLink, now: Timestamp) -> Result<Outcome<()>, LinkIsOver> {
        self.redeem(Purpose::ConfirmAddress, link, now)?;
        self.address = Address::Confirmed(self.email().clone());
        Ok(Outcome::Changed(()))
    }

    /// Whether the link lets somebody choose another password.
    pub(crate) fn check_reset(&self, link: &FollowedLink, now: Timestamp) -> Result<(), LinkIsOver> {
        self.check(Purpose::ResetPassword, link, now)
    }

    /// Another password, chosen by whoever reads mail at the address. All sessions end, and no other link is good any
    /// more: who had them sent may be who has to be kept out.
    pub(crate) fn reset_password(
        &mut self,
        link: &FollowedLink,
        hash: PasswordHash,
        notice: Option<NoticeId>,
        now: Timestamp,
    ) -> Result<Outcome<PasswordChanged>, LinkIsOver> {
        self.redeem(Purpose::ResetPassword, link, now)?;
        self.letters.clear();
        self.address = Address::Confirmed(self.email().clone());
        Ok(self.change_password(self.generation, hash, notice, now))
    }

    fn check(&self, purpose: Purpose, link: &FollowedLink, now: Timestamp) -> Result<(), LinkIsOver> {
        let is_it =
            |letter: &Letter| letter.id == link.letter && letter.purpose == purpose && letter.has(&link.hash, now);
        if link.user == self.id && self.letters.iter().any(is_it) { Ok(()) } else { Err(LinkIsOver) }
    }

    /// A link is good once: then all letters of its purpose are done with.
    fn redeem(&mut self, purpose: Purpose, link: &FollowedLink, now: Timestamp) -> Result<(), LinkIsOver> {
        self.check(purpose, link, now)?;
        self.letters.retain(|letter| letter.purpose != purpose);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::email::Email;
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
        assert_eq!(user.confirm_address(&first, now()), Ok(Outcome::Changed(())));
        assert!(user.is_confirmed() && user.holds_address());
        for link in [first, second] {
            assert_eq!(user.confirm_address(&link, now()), Err(LinkIsOver));
        }
    }

    #[test]
    fn only_what_was_sent_is_followed_and_only_while_it_is_good() {
        let ids = IdGenerator::seeded(1);
        let (mut user, other) = (claimant(&ids), claimant(&ids));
        let link = sent(&mut user, ids.next(now()), "1");
        let day = Duration::from_secs(24 * 60 * 60);
        assert_eq!(user.confirm_address(&link, now() + day), Err(LinkIsOver));
        for wrong in [
            FollowedLink { hash: hash("2"), ..link.clone() },
            FollowedLink { letter: ids.next(now()), ..link.clone() },
            FollowedLink { user: other.id, ..link.clone() },
        ] {
            assert_eq!(user.confirm_address(&wrong, now()), Err(LinkIsOver), "{wrong:?}");
        }
        assert!(user.confirm_address(&link, now() + day - Duration::from_millis(1)).is_ok());
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
        assert_eq!(user.confirm_address(&confirmation, now()), Err(LinkIsOver));
    }

    #[test]
    fn a_stranger_is_not_told_of_what_happens_to_an_account_that_claims_their_address() {
        let ids = IdGenerator::seeded(1);
        let mut user = claimant(&ids);
        let changed = user.change_password(0, PasswordHash("new".into()), Some(ids.next(now())), now()).changed();
        assert_eq!(changed.expect("it is the same generation").notice, None);
    }
}
