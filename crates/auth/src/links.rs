//! The links in mails: made when one is written, known again by their hash when somebody follows one.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::addressee::{Link, LinkToken, Notice};
use common::id::{NoticeId, UserId};
use serde_json::Value;

use crate::domain::{FollowedLink, LinkHash, LinkIsOver};
use crate::error::AuthError;
use crate::state::AuthState;

/// How many random bytes a link has.
const SECRET_BYTES: usize = 32;
/// What separates the parts of a token: whose it is, of which letter, and the secret.
const SEPARATOR: char = '.';

impl AuthState {
    /// A fresh link for a letter, unless it is not wanted any more. Only its hash is kept.
    pub(crate) async fn write_link(&self, user: UserId, notice: Notice) -> Result<Option<Link>, AuthError> {
        let mut secret = [0; SECRET_BYTES];
        rand::fill(&mut secret).map_err(|error| AuthError::Crypto(error.to_string()))?;
        let secret = URL_SAFE_NO_PAD.encode(secret);
        let expires_at = self.users.write_link(user, notice, &hash_of(&secret)).await?;
        Ok(expires_at.map(|expires_at| Link { token: token(user, notice.id, &secret), expires_at }))
    }
}

impl FollowedLink {
    /// Reads a request's field.
    pub(crate) fn parse(field: &Value) -> Result<Self, LinkIsOver> {
        field.as_str().and_then(Self::read).ok_or(LinkIsOver)
    }

    /// Reads what a link carries, as it has come back.
    fn read(token: &str) -> Option<Self> {
        let mut parts = token.split(SEPARATOR);
        let (user, letter, secret) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        Some(Self { user: user.parse().ok()?, letter: letter.parse().ok()?, hash: hash_of(secret) })
    }
}

fn token(user: UserId, letter: NoticeId, secret: &str) -> LinkToken {
    LinkToken::new(format!("{user}{SEPARATOR}{letter}{SEPARATOR}{secret}"))
}

fn hash_of(secret: &str) -> LinkHash {
    LinkHash(URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes())))
}

#[cfg(test)]
mod tests {
    use common::addressee::account_of;

    use super::*;

    const ID: &str = "5f1f77bcf86cd799439011aa";

    #[test]
    fn a_link_is_known_again_and_its_secret_is_not_in_what_is_kept() {
        let id = ID.parse().expect("an id");
        let sent = token(id, ID.parse().expect("an id"), "the-secret");
        let followed = FollowedLink::read(sent.reveal()).expect("reads");
        assert_eq!((followed.user, followed.letter.to_string()), (id, ID.to_owned()));
        assert_eq!(account_of(sent.reveal()), Some(id), "pages read it, too");
        assert_eq!(followed.hash, hash_of("the-secret"));
        assert!(!format!("{followed:?}").contains("the-secret"));
    }

    #[test]
    fn what_no_link_carries_is_not_read() {
        for token in ["", ID, &format!("{ID}.{ID}"), &format!("{ID}.{ID}.a.b"), &format!("{ID}.x.a"), "..", "é.é.é"]
        {
            assert!(FollowedLink::read(token).is_none(), "{token:?}");
        }
    }
}
