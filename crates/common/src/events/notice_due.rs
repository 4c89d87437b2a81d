use serde::{Deserialize, Serialize};

use super::{Event, Tolerant};
use crate::id::{NoticeId, UserId};

/// Something has happened to an account that its owner is to be told by mail, once. It names nobody's address and
/// holds no secret: the service that writes asks for both when it sends (`common::addressee`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct NoticeDue {
    /// What it is the notice of: the same cause is told once, however often this arrives.
    pub id: NoticeId,
    /// Whom it concerns.
    pub user_id: UserId,
    /// What to tell.
    pub kind: Tolerant<NoticeKind>,
}

/// What the owner of an account is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// Confirm that this address is yours (after a sign-up, or a change of address: then it goes to the new one).
    /// Comes with a link.
    ConfirmAddress,
    /// Somebody has asked to choose a new password. Comes with a link.
    ResetPassword,
    /// The password was changed.
    PasswordChanged,
    /// The address was changed: told at the one of before.
    AddressChanged,
    /// Somebody has signed in with a browser that was not known.
    NewSignIn,
    /// Somebody wanted to sign up with this address, which has an account already.
    SignUpAgain,
    /// What one signs in with was changed: passkeys, what is asked for beside the password, or recovery codes.
    SignInChanged,
    /// Somebody has signed in with a recovery code.
    RecoveryCodeUsed,
}

impl Event for NoticeDue {
    const TYPE: &'static str = "notices.due";
    fn subject(&self) -> String {
        self.user_id.to_string()
    }
}
