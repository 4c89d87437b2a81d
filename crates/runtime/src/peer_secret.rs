//! What one service proves to another with that it may ask.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{HeaderMap, HeaderValue, header};

/// A secret shorter than this can be guessed.
const SHORTEST: usize = 32;

/// A secret that two services share, which nobody else knows.
#[derive(Clone)]
pub struct PeerSecret(Arc<str>);

impl PeerSecret {
    /// One for services in one process.
    pub fn random() -> Self {
        let (a, b) = (rand::random::<u128>(), rand::random::<u128>());
        Self(format!("{a:032x}{b:032x}").into())
    }

    /// What a request proves it with, in the header `Authorization`.
    pub(crate) fn credential(&self) -> HeaderValue {
        // A secret has nothing but what a header may hold.
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0)).unwrap_or(HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }

    /// Whether a request with these headers knows the secret.
    pub fn is_proved_by(&self, headers: &HeaderMap) -> bool {
        let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        sent.is_some_and(|sent| verify_slices_are_equal(sent, self.0.as_bytes()).is_ok())
    }
}

/// The secret with this text, unless it is too short or no header can hold it.
impl FromStr for PeerSecret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.len() < SHORTEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "a secret has {SHORTEST} characters at least, none of them a space: `openssl rand -base64 32` makes one"
            ));
        }
        Ok(Self(text.into()))
    }
}

/// Without the secret.
impl fmt::Debug for PeerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PeerSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))])
    }

    #[test]
    fn only_the_secret_itself_proves_anything() {
        let secret: PeerSecret = "0123456789abcdef0123456789abcdef".parse().expect("long enough");
        let proof = HeaderMap::from_iter([(header::AUTHORIZATION, secret.credential())]);
        assert!(secret.is_proved_by(&proof));
        assert!(!PeerSecret::random().is_proved_by(&proof));
        for wrong in ["", "Bearer ", "Bearer 0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef"] {
            assert!(!secret.is_proved_by(&headers(wrong)), "{wrong:?}");
        }
        assert!(!secret.is_proved_by(&HeaderMap::new()));
        assert_eq!(format!("{secret:?}"), "PeerSecret");
    }

    #[test]
    fn what_can_be_guessed_or_sent_by_nobody_is_no_secret() {
        for text in ["", "short", "with a space in 32 characters ...", "0123456789abcdef0123456789abcde\n"] {
            assert!(text.parse::<PeerSecret>().is_err(), "{text:?}");
        }
    }
}
