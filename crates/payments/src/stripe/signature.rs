use common::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use stripe_webhook::{Webhook, WebhookError};

use crate::domain::IntentId;
use crate::settings::WebhookSecret;

/// What we take from a webhook: which it is, and what to ask Stripe about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StripeEvent {
    pub(crate) id: String,
    /// The intent it is about, if it is about one.
    pub(crate) intent: Option<IntentId>,
}

#[derive(Deserialize)]
struct Body {
    id: String,
    #[serde(default)]
    data: Data,
}

#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    object: Value,
}

/// Reads a webhook whose signature is right and at most five minutes old at `now` (the
/// tolerance Stripe recommends). `None` for every other.
pub(crate) fn verify(
    payload: &[u8],
    signature: Option<&str>,
    secret: &WebhookSecret,
    now: Timestamp,
) -> Option<StripeEvent> {
    let payload = std::str::from_utf8(payload).ok()?;
    match Webhook::construct_event_with_timestamp(payload, signature?, secret.expose(), now.as_secs()) {
        // An event that the library cannot read all of has passed the checks before that.
        Ok(_) | Err(WebhookError::BadParse(_)) => {}
        Err(
            WebhookError::BadKey
            | WebhookError::BadHeader(_)
            | WebhookError::BadSignature
            | WebhookError::BadTimestamp(_),
        ) => return None,
    }
    let body: Body = serde_json::from_str(payload).ok()?;
    let is_an_id = (1..=255).contains(&body.id.len()) && body.id.bytes().all(|byte| byte.is_ascii_graphic());
    is_an_id.then(|| StripeEvent { intent: intent_in(&body.data.object), id: body.id })
}

fn intent_in(object: &Value) -> Option<IntentId> {
    let field = if object["object"] == "payment_intent" { "id" } else { "payment_intent" };
    let id = object[field].as_str()?;
    // It becomes part of a path.
    let is_plain = id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (id.starts_with("pi_") && is_plain).then(|| IntentId(id.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn check(payload: &str, signed: &str, secret: &str, age: i64) -> Option<StripeEvent> {
        let header = Webhook::generate_test_header(signed, secret, Some(NOW - age));
        let ours = "whsec_ours".parse().expect("a secret");
        verify(payload.as_bytes(), Some(&header), &ours, Timestamp::from_millis(NOW * 1000))
    }

    #[test]
    fn only_what_stripe_has_signed_a_moment_ago_is_read() {
        let event = r#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded",
            "data":{"object":{"object":"payment_intent","id":"pi_1"}}}"#;
        let read = StripeEvent { id: "evt_1".into(), intent: Some(IntentId("pi_1".into())) };
        assert_eq!(check(event, event, "whsec_ours", 0), Some(read));
        assert!(check(event, event, "whsec_ours", 300).is_some());
        assert_eq!(check(event, event, "whsec_ours", 301), None);
        assert_eq!(check(event, event, "whsec_ours", -301), None);
        assert_eq!(check(event, event, "whsec_theirs", 0), None);
        assert_eq!(check(event, &event.replace("pi_1", "pi_2"), "whsec_ours", 0), None);
    }

    #[test]
    fn hostile_bodies_are_not_read_even_when_signed() {
        for payload in ["", "[]", "{}", r#"{"id":7}"#, r#"{"id":""}"#, r#"{"id":"evt_1","data":7}"#] {
            assert_eq!(check(payload, payload, "whsec_ours", 0), None, "{payload}");
        }
        let sneaky = r#"{"id":"evt_1","data":{"object":{"object":"payment_intent","id":"pi_1/../../refunds"}}}"#;
        assert_eq!(check(sneaky, sneaky, "whsec_ours", 0).and_then(|event| event.intent), None);
    }

    #[test]
    fn a_refund_names_its_intent() {
        let event = r#"{"id":"evt_1","data":{"object":{"object":"refund","id":"re_1","payment_intent":"pi_9"}}}"#;
        assert_eq!(check(event, event, "whsec_ours", 0).and_then(|event| event.intent), Some(IntentId("pi_9".into())));
    }
}
