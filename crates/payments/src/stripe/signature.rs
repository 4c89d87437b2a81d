//! Which webhooks are Stripe's. <https://docs.stripe.com/webhooks#verify-manually>
//!
//! The library's own check also reads the event, whatever it is about: linked into the program,
//! the readers of all of Stripe's objects are larger than everything else together. Here two
//! fields are wanted. The tests sign with the library.

use aws_lc_rs::hmac;
use common::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::domain::IntentId;
use crate::settings::WebhookSecret;

/// How far a signature's time may be from ours, in seconds: the tolerance Stripe recommends.
const TOLERANCE: u64 = 300;

/// What we take from a webhook: which it is, and what to ask Stripe about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StripeEvent {
    pub(crate) id: String,
    /// The intent it is about, if it is about one.
    pub(crate) intent: Option<IntentId>,
    /// The refund that came to nothing, if it tells of one. Stripe has taken it for done before: the
    /// buyer's bank has sent the money back. <https://docs.stripe.com/refunds#failed-refunds>
    pub(crate) failed_refund: Option<String>,
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

/// Reads a webhook whose signature is right and at most [`TOLERANCE`] old at `now`. `None` for
/// every other.
pub(crate) fn verify(
    payload: &[u8],
    signature: Option<&str>,
    secret: &WebhookSecret,
    now: Timestamp,
) -> Option<StripeEvent> {
    let signature = Signature::parse(signature?)?;
    let is_recent = signature.time.abs_diff(now.as_secs()) <= TOLERANCE;
    if !is_recent || !signature.is_of(payload, secret) {
        return None;
    }
    let body: Body = serde_json::from_slice(payload).ok()?;
    let is_an_id = (1..=255).contains(&body.id.len()) && body.id.bytes().all(|byte| byte.is_ascii_graphic());
    let object = &body.data.object;
    is_an_id.then(|| StripeEvent { intent: intent_in(object), failed_refund: failed_refund_in(object), id: body.id })
}

/// The header `Stripe-Signature`: `t=1492774577,v1=5257a8...,v0=...`, with one `v1` for each of the
/// secrets that are valid while a new one replaces an old one.
struct Signature<'a> {
    time: i64,
    signatures: Vec<&'a str>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
        let time = parts().find(|(scheme, _)| *scheme == "t")?.1.parse().ok()?;
        let signatures = parts().filter(|(scheme, _)| *scheme == "v1").map(|(_, signature)| signature).collect();
        Some(Self { time, signatures })
    }

    fn is_of(&self, payload: &[u8], secret: &WebhookSecret) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let signed = [self.time.to_string().as_bytes(), b".", payload].concat();
        let mut given = self.signatures.iter().filter_map(|hex| unhex(hex));
        given.any(|given| hmac::verify(&key, &signed, &given).is_ok())
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bytes = || (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect();
    is_hex.then(bytes).flatten()
}

fn intent_in(object: &Value) -> Option<IntentId> {
    let field = if object["object"] == "payment_intent" { "id" } else { "payment_intent" };
    let id = object[field].as_str()?;
    // It becomes part of a path.
    let is_plain = id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (id.starts_with("pi_") && is_plain).then(|| IntentId(id.to_owned()))
}

fn failed_refund_in(object: &Value) -> Option<String> {
    let has_failed = object["object"] == "refund" && object["status"] == "failed";
    has_failed.then(|| object["id"].as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use stripe_webhook::Webhook;

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
        let read = StripeEvent { id: "evt_1".into(), intent: Some(IntentId("pi_1".into())), failed_refund: None };
        assert_eq!(check(event, event, "whsec_ours", 0), Some(read));
        assert!(check(event, event, "whsec_ours", 300).is_some());
        assert_eq!(check(event, event, "whsec_ours", 301), None);
        assert_eq!(check(event, event, "whsec_ours", -301), None);
        assert_eq!(check(event, event, "whsec_theirs", 0), None);
        assert_eq!(check(event, &event.replace("pi_1", "pi_2"), "whsec_ours", 0), None);
    }

    #[test]
    fn one_right_signature_among_others_is_enough() {
        let event = r#"{"id":"evt_1"}"#;
        let ours = Webhook::generate_test_header(event, "whsec_ours", Some(NOW));
        let theirs = Webhook::generate_test_header(event, "whsec_theirs", Some(NOW));
        let (_, theirs) = theirs.split_once(',').expect("a time and a signature");
        let read = |header: &str| {
            let secret = "whsec_ours".parse().expect("a secret");
            verify(event.as_bytes(), Some(header), &secret, Timestamp::from_millis(NOW * 1000)).is_some()
        };
        assert!(read(&format!("{ours},{theirs}")) && read(&ours.replace(',', &format!(",{theirs},"))));
        assert!(!read(&format!("t={NOW},{theirs}")));
        let (time, signature) = ours.split_once(",v1=").expect("a time and a signature");
        for header in [
            String::new(),
            time.into(),
            format!("v1={signature}"),
            format!("{time},v0={signature}"),
            format!("{time},v1={}", &signature[1..]),
            format!("{time},v1=é{signature}"),
            format!("t=now,v1={signature}"),
            format!("t={},v1={signature}", i64::MIN),
        ] {
            assert!(!read(&header), "{header}");
        }
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

    #[test]
    fn a_refund_that_failed_is_noticed() {
        let failed_in = |object: &str, status: &str| {
            let object = format!(r#"{{"object":"{object}","id":"re_1","status":"{status}"}}"#);
            let event = format!(r#"{{"id":"evt_1","data":{{"object":{object}}}}}"#);
            check(&event, &event, "whsec_ours", 0).and_then(|event| event.failed_refund)
        };
        assert_eq!(failed_in("refund", "failed").as_deref(), Some("re_1"));
        assert_eq!(failed_in("refund", "succeeded"), None);
        assert_eq!(failed_in("charge", "failed"), None);
    }
}
