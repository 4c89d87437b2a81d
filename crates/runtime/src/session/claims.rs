use std::time::Duration;

use serde::{Deserialize, Serialize};

use common::email::Email;
use common::id::{SessionId, UserId};

/// How long a token is good for; auth renews it as it is used.
pub const TOKEN_LIFE: Duration = Duration::from_secs(12 * 60 * 60);

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
}
