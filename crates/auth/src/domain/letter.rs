use std::time::Duration;

use common::email::Email;
use common::events::NoticeKind;
use common::id::NoticeId;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How many links of one letter are good at once: each try to send it makes one, and of a mail that was said to have
/// failed the link may be what its reader follows.
const LINKS: usize = 8;

/// What the link in a letter lets its reader do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Purpose {
    ConfirmAddress,
    ResetPassword,
    /// The address that it goes to becomes the account's.
    ChangeAddress,
    /// It has no link: at the address of before it says that there is another.
    TellFormer,
}

/// The hash of the secret in a link. The secret itself is kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct LinkHash(pub(crate) String);

/// A mail with a link: asked for, written once or several times, and done with when somebody follows the link.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Letter {
    pub(crate) id: NoticeId,
    pub(crate) purpose: Purpose,
    /// Where it goes, if not to the account's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Email>,
    asked_at: Timestamp,
    links: Vec<SentLink>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentLink {
    hash: LinkHash,
    expires_at: Timestamp,
}

impl Purpose {
    /// What the mail is.
    pub(crate) fn kind(self) -> NoticeKind {
        match self {
            Self::ConfirmAddress | Self::ChangeAddress => NoticeKind::ConfirmAddress,
            Self::ResetPassword => NoticeKind::ResetPassword,
            Self::TellFormer => NoticeKind::AddressChanged,
        }
    }

    /// Whether it stays good when all sessions end: who had it sent may be who has to be kept out.
    pub(super) fn outlives_sessions(self) -> bool {
        match self {
            Self::ConfirmAddress | Self::TellFormer => true,
            Self::ResetPassword | Self::ChangeAddress => false,
        }
    }

    /// How long a link is good once it is written.
    fn link_life(self) -> Duration {
        match self {
            Self::ConfirmAddress | Self::ChangeAddress => Duration::from_secs(24 * 60 * 60),
            Self::ResetPassword => Duration::from_secs(30 * 60),
            Self::TellFormer => Duration::ZERO,
        }
    }

    /// How long after it was asked for the mail may still be written: as long as it is tried to send it, and as its
    /// reader may still expect it.
    fn patience(self) -> Duration {
        match self {
            Self::ConfirmAddress | Self::ChangeAddress | Self::TellFormer => Duration::from_secs(3 * 24 * 60 * 60),
            Self::ResetPassword => Duration::from_secs(60 * 60),
        }
    }
}

impl Letter {
    pub(crate) fn new(id: NoticeId, purpose: Purpose, now: Timestamp) -> Self {
        Self { id, purpose, to: None, asked_at: now, links: Vec::new() }
    }

    /// One that goes to another address than the account's.
    pub(crate) fn to(email: Email, id: NoticeId, purpose: Purpose, now: Timestamp) -> Self {
        Self { to: Some(email), ..Self::new(id, purpose, now) }
    }

    /// Puts another link into it, unless it has come too late. Returns until when the link is good.
    pub(crate) fn write(&mut self, hash: LinkHash, now: Timestamp) -> Option<Timestamp> {
        if now > self.last_written_at() {
            return None;
        }
        let expires_at = now + self.purpose.link_life();
        self.links.push(SentLink { hash, expires_at });
        let surplus = self.links.len().saturating_sub(LINKS);
        self.links.drain(..surplus);
        Some(expires_at)
    }

    /// Whether this is the hash of a link that is still good.
    pub(crate) fn has(&self, hash: &LinkHash, now: Timestamp) -> bool {
        self.links.iter().any(|link| link.hash == *hash && now < link.expires_at)
    }

    /// Whether nothing will come of it any more.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        now > self.last_written_at() && self.links.iter().all(|link| now >= link.expires_at)
    }

    fn last_written_at(&self) -> Timestamp {
        self.asked_at + self.purpose.patience()
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;

    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn letter(now: Timestamp) -> Letter {
        Letter::new(IdGenerator::seeded(1).next(now), Purpose::ConfirmAddress, now)
    }

    fn hash(number: usize) -> LinkHash {
        LinkHash(number.to_string())
    }

    #[test]
    fn each_link_is_good_for_a_day_from_when_it_was_written() {
        let start = Timestamp::from_millis(0);
        let mut letter = letter(start);
        assert_eq!(letter.write(hash(1), start), Some(start + 24 * HOUR));
        assert_eq!(letter.write(hash(2), start + HOUR), Some(start + 25 * HOUR));
        let last = start + 24 * HOUR - Duration::from_millis(1);
        assert!(letter.has(&hash(1), last) && letter.has(&hash(2), last) && !letter.has(&hash(3), last));
        assert!(!letter.has(&hash(1), start + 24 * HOUR) && letter.has(&hash(2), start + 24 * HOUR));
    }

    #[test]
    fn a_letter_is_written_for_three_days_and_is_over_when_its_last_link_is() {
        let start = Timestamp::from_millis(0);
        let mut letter = letter(start);
        let late = start + 72 * HOUR;
        assert!(!letter.is_over(late));
        assert!(letter.write(hash(1), late).is_some());
        let later = late + Duration::from_millis(1);
        assert_eq!(letter.write(hash(2), later), None);
        assert!(!letter.is_over(later) && letter.is_over(late + 24 * HOUR));
    }

    #[test]
    fn of_many_tries_the_last_links_are_good() {
        let start = Timestamp::from_millis(0);
        let mut letter = letter(start);
        for number in 0..LINKS + 2 {
            assert!(letter.write(hash(number), start).is_some());
        }
        assert!(!letter.has(&hash(1), start));
        assert!((2..LINKS + 2).all(|number| letter.has(&hash(number), start)));
    }
}
