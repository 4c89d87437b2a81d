//! The parsers of settings, tried with input that is almost right.

use fuzz::text_like;
use proptest::prelude::*;

use super::duration;
use super::engines::namespace;
use super::services::web_address;

proptest! {
    #[test]
    fn durations(text in text_like(&["15m", "1h 30m", "250ms", "PT15M", "99999999999999h"])) {
        if let Ok(span) = duration(&text) {
            prop_assert!(!span.is_zero());
            prop_assert!(text.bytes().any(|byte| byte.is_ascii_digit()), "{:?}", text);
        }
    }

    #[test]
    fn addresses(text in text_like(&["https://tickets.example.com/", "http://127.0.0.1:3001/api/users/keys"])) {
        if let Ok(address) = web_address(&text) {
            prop_assert!(address.starts_with("http") && !address.ends_with('/') && address.contains("://"), "{}", address);
        }
    }

    #[test]
    fn namespaces(text in text_like(&["staging2", "w00ff"])) {
        if let Ok(word) = namespace(&text) {
            prop_assert!((1..=32).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{}", word);
        }
    }
}

#[test]
fn the_case_of_a_scheme_does_not_matter() {
    for text in ["https://tickets.example.com", "hTtps://tickets.example.com/", "HTTPS://tickets.example.com"] {
        assert_eq!(web_address(text).as_deref(), Ok("https://tickets.example.com"), "{text}");
    }
}
