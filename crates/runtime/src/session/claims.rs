use std::time::Duration;

use serde::{Deserialize, Serialize};

use common::email::Email;
use common::id::{SessionId, UserId};

/// How long a token is good for; auth renews it as it is used.
pub const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a session may last, however often its token is renewed.
pub const SESSION_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// What a session token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user.
    pub sub: UserId,
    /// The user's address.
    pub email: Email,
    /// The session the token belongs to; renewed tokens keep it.
    pub sid: SessionId,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When the session began, in milliseconds since 1970; renewed tokens keep it. Tokens of earlier
    /// versions do not say it: their sessions count from when the token was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began: Option<i64>,
    /// Whether the user has yet to confirm their address before they may do everything. Never so where nobody has to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconfirmed: bool,
    /// Whether nobody has shown that they read mail at the address, also where nobody has to: that may be asked for
    /// before the token expires.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
}
