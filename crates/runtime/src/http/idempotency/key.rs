use common::errors::ErrorEntry;
use http::{HeaderMap, HeaderName};

use crate::http::ApiError;

/// The header with a key that the client made up.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key, in characters.
pub(super) const LONGEST_KEY: usize = 255;

/// The key in the headers.
///
/// # Errors
/// If it is not one header of 1 to 255 visible ASCII characters.
pub(super) fn key_in(headers: &HeaderMap) -> Result<String, ApiError> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = values.next().and_then(|value| value.to_str().ok());
    let key = key.filter(|key| is_key(key) && values.next().is_none());
    key.map(str::to_owned).ok_or_else(|| {
        let message = format!("Idempotency-Key must be 1 to {LONGEST_KEY} visible ASCII characters");
        ApiError::invalid(vec![ErrorEntry::new("invalid_field", message).of_field("Idempotency-Key")])
    })
}

fn is_key(text: &str) -> bool {
    (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&[u8]]) -> HeaderMap {
        values.iter().map(|value| (IDEMPOTENCY_KEY, HeaderValue::from_bytes(value).expect("a value"))).collect()
    }

    #[test]
    fn a_key_is_a_few_visible_characters() {
        let longest = "k".repeat(LONGEST_KEY);
        for key in ["a", "5f1f77bc-f86c-d799", "~!\"", &longest] {
            assert_eq!(key_in(&headers(&[key.as_bytes()])).ok().as_deref(), Some(key));
        }
        let too_long = "k".repeat(LONGEST_KEY + 1);
        for key in ["", "two words", "caf\u{e9}", "tab\t", &too_long] {
            assert!(key_in(&headers(&[key.as_bytes()])).is_err(), "{key:?} was taken");
        }
        assert!(key_in(&headers(&[b"one", b"two"])).is_err(), "which of them is it?");
    }
}
