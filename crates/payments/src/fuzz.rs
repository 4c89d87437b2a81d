//! What clients and Stripe send us, tried with what is almost right.

use common::time::Timestamp;
use fuzz::{bytes_like, edited, json_like, text_like};
use proptest::prelude::*;
use serde_json::Value;
use stripe_webhook::Webhook;

use crate::domain::PaymentToken;
use crate::settings::WebhookSecret;
use crate::stripe::verify;

const SECRET: &str = "whsec_ours";
const NOW: i64 = 1_800_000_000;

const EVENTS: &[&str] = &[
    r#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded","data":{"object":{"object":"payment_intent","id":"pi_1"}}}"#,
    r#"{"id":"evt_3","type":"charge.dispute.created","data":{"object":{"object":"dispute","id":"du_1","amount":2050,"status":"needs_response","payment_intent":"pi_1"}}}"#,
    r#"{"id":"evt_2","type":"charge.refunded","data":{"object":{"object":"charge","id":"ch_1","payment_intent":"pi_1"}}}"#,
];

fn secret() -> WebhookSecret {
    SECRET.parse().expect("a secret")
}

fn header(payload: &str) -> String {
    Webhook::generate_test_header(payload, SECRET, Some(NOW))
}

proptest! {
    #[test]
    fn signatures(changed in edited(header(EVENTS[0])), other in text_like(&["t=1800000000,v1=00,v0=00", "t=,v1="])) {
        let now = Timestamp::from_millis(NOW * 1000);
        for signature in [changed, other] {
            // What was changed may still hold the signature, beside what nobody asks for.
            let is_whole = header(EVENTS[0]).split(',').all(|part| signature.split(',').any(|other| other.trim() == part));
            let is_read = verify(EVENTS[0].as_bytes(), Some(&signature), &secret(), now).is_ok();
            prop_assert!(!is_read || is_whole || holds_the_digits(&signature), "{} was believed", signature);
        }
    }

    #[test]
    fn webhooks(event in json_like(EVENTS), text in bytes_like(EVENTS)) {
        let now = Timestamp::from_millis(NOW * 1000);
        for payload in [event.to_string(), String::from_utf8_lossy(&text).into_owned()] {
            let Ok(read) = verify(payload.as_bytes(), Some(&header(&payload)), &secret(), now) else { continue };
            prop_assert!((1..=255).contains(&read.id.len()) && read.id.bytes().all(|byte| byte.is_ascii_graphic()));
            if let Some(intent) = read.intent {
                // It becomes part of a path.
                let is_plain = intent.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                prop_assert!(intent.0.starts_with("pi_") && is_plain, "{}", intent.0);
            }
        }
        prop_assert!(verify(&text, Some(&header(EVENTS[0])), &secret(), now).is_err() || text == EVENTS[0].as_bytes());
    }

    #[test]
    fn tokens(text in text_like(&["tok_visa", "pm_card_visa_debit-1"]), value in fuzz::json()) {
        for sent in [Value::from(text), value] {
            let Ok(token) = PaymentToken::parse(&sent) else { continue };
            let is_plain = token.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
            prop_assert!(is_plain && (1..=255).contains(&token.expose().len()), "{:?}", token.expose());
            prop_assert_eq!(sent.as_str().map(str::trim), Some(token.expose()));
        }
    }
}

/// The right digits in other letters are the right digits; and so is the right time written otherwise.
fn holds_the_digits(signature: &str) -> bool {
    let right = header(EVENTS[0]);
    let digits = right.split("v1=").nth(1).and_then(|rest| rest.split(',').next()).expect("a signature");
    signature.to_lowercase().contains(digits)
}
