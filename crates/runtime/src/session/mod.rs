//! Who is asking: the session token, how every service verifies it, and how it ends early.

mod claims;
mod cookie;
mod extract;
mod key_set;
mod keys;
mod revoked;
mod verifier;

pub use claims::{Claims, SESSION_LIFE, TOKEN_LIFE};
pub use cookie::{DeviceCookie, SessionCookie};
pub use extract::{Confirmed, MaybeSignedIn, SignedIn};
pub use keys::{Jwk, JwkSet, Keys};
pub use revoked::{Revoked, follow_revocations};
pub use verifier::{Session, SessionVerifier};
