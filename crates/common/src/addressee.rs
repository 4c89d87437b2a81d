//! What `mail` asks the auth service at the moment it writes to somebody. Events name people by their ids only:
//! streams are kept, and nobody could be erased from them. So addresses are asked for when they are needed, and links
//! that let somebody in are made then, and are nowhere at rest but as auth's hash.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::email::Email;
use crate::events::NoticeKind;
use crate::id::{NoticeId, UserId};
use crate::time::Timestamp;

/// The path of [`FindAddressee`] in the auth service. Whoever asks has a credential (`Authorization: Bearer`).
pub const FIND_ADDRESSEE: &str = "/internal/users/addressee";
/// The page on which somebody confirms an address: takes `?token=`, and does nothing until its button is pressed by
/// somebody whose account it is.
pub const CONFIRM_PAGE: &str = "/confirm";
/// The page on which somebody chooses a new password: takes `?token=`.
pub const RESET_PAGE: &str = "/reset";

/// Asks where to write to somebody, and for what only auth knows of a notice. Asking again is safe: an earlier link
/// of the same notice stays good until one of them is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindAddressee {
    /// To whom.
    pub user_id: UserId,
    /// Of which notice of auth's; none for what other services have to tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// A notice, as its event names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Which.
    pub id: NoticeId,
    /// What it tells.
    pub kind: NoticeKind,
}

/// The answer to [`FindAddressee`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Addressee {
    /// Write to this address.
    At(Box<Directions>),
    /// Write nothing yet: where addresses have to be confirmed this one is not, and may be that of a stranger, who is to
    /// be sent nothing but what confirms it.
    NotYet,
    /// Write nothing, now or later: the person is erased, or the notice has become pointless (the address is
    /// confirmed, the link would be out of date).
    Nobody,
}

/// Where to write, and what only auth knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Directions {
    /// The address. It is not kept by whoever asked.
    pub email: Email,
    /// What the link of the notice carries, where its kind has a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// The browser and system that somebody has signed in with, in words ("Firefox, Windows").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// A link that lets somebody do one thing, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// What it carries as `?token=`; the page is the kind's.
    pub token: LinkToken,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A secret that proves that somebody reads mail at an address. Never logged, never kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkToken(String);

impl LinkToken {
    /// Takes what goes into the link: letters, digits, `-`, `_` and `.`, which need no escaping.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// What goes into the link.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Whose account a link's token is of: it begins with the id, and is no proof of anything. `None` of what no link
/// carries.
pub fn account_of(token: &str) -> Option<UserId> {
    token.split_once('.')?.0.parse().ok()
}

/// Never shows the secret, wherever it ends up.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_token_names_the_account_whose_it_is() {
        let user = "5f1f77bcf86cd799439011aa";
        assert_eq!(account_of(&format!("{user}.5f1f77bcf86cd799439011bb.x")), user.parse().ok());
        for other in ["", user, "a.b.c", ".", &format!(".{user}.x")] {
            assert_eq!(account_of(other), None, "{other:?}");
        }
    }

    #[test]
    fn questions_and_answers_keep_their_form() {
        let user = "5f1f77bcf86cd799439011aa";
        let plain: FindAddressee = serde_json::from_value(json!({"userId": user})).expect("reads");
        assert_eq!(plain.notice, None);
        assert_eq!(json!(plain), json!({"userId": user}));
        let asked = json!({"userId": user, "notice": {"id": user, "kind": "reset-password"}});
        let question: FindAddressee = serde_json::from_value(asked.clone()).expect("reads");
        assert_eq!(question.notice.map(|notice| notice.kind), Some(NoticeKind::ResetPassword));
        assert_eq!(json!(question), asked);
        let answer = json!({"at": {"email": "ada@example.com",
            "link": {"token": "a.b", "expiresAt": "2026-11-22T17:43:03.120Z"}, "device": "Firefox, Windows"}});
        let at: Addressee = serde_json::from_value(answer.clone()).expect("reads");
        assert_eq!(json!(at), answer);
        assert_eq!(json!(Addressee::Nobody), json!("nobody"));
        assert!(!format!("{at:?}").contains("a.b"), "the secret is shown: {at:?}");
    }
}
