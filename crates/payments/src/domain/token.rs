use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the buyer pays with: a card token (`tok_…`) or a payment method (`pm_…`) of Stripe's.
/// It is all one needs to charge the card, so it is never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PaymentToken(String);

/// Why something is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidToken {
    /// There is none.
    #[error("Token must be provided")]
    Missing,
    /// Stripe's ids are letters, digits, `_` and `-`, at most 255 of them.
    #[error("Token must be a token or a payment method of Stripe")]
    Malformed,
}

impl PaymentToken {
    /// Reads what a client sent.
    pub(crate) fn parse(value: &Value) -> Result<Self, InvalidToken> {
        let text = match value {
            Value::String(text) => text.trim(),
            Value::Null => return Err(InvalidToken::Missing),
            _ => return Err(InvalidToken::Malformed),
        };
        if text.is_empty() {
            return Err(InvalidToken::Missing);
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if text.len() > 255 || !text.bytes().all(is_plain) {
            return Err(InvalidToken::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text, for Stripe alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it names a payment method rather than a card token.
    pub(crate) fn is_payment_method(&self) -> bool {
        self.0.starts_with("pm_")
    }
}

impl fmt::Debug for PaymentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_stripe_may_have_made_is_a_token() {
        for (sent, rule) in [
            (json!(null), InvalidToken::Missing),
            (json!(""), InvalidToken::Missing),
            (json!("  "), InvalidToken::Missing),
            (json!(7), InvalidToken::Malformed),
            (json!({"$ne": null}), InvalidToken::Malformed),
            (json!("tok visa"), InvalidToken::Malformed),
            (json!("tok&amount=1"), InvalidToken::Malformed),
            (json!("t".repeat(256)), InvalidToken::Malformed),
        ] {
            assert_eq!(PaymentToken::parse(&sent), Err(rule), "{sent}");
        }
        let token = PaymentToken::parse(&json!("tok_visa")).expect("a token");
        assert_eq!(token.expose(), "tok_visa");
        assert!(!format!("{token:?}").contains("visa"));
    }
}
