use stripe_webhook::Webhook;

use super::*;

const NOW: i64 = 1_800_000_000;

fn check(payload: &str, signed: &str, secret: &str, age: i64) -> Result<StripeEvent, WebhookError> {
    let header = Webhook::generate_test_header(signed, secret, Some(NOW - age));
    let ours = "whsec_ours".parse().expect("a secret");
    verify(payload.as_bytes(), Some(&header), &ours, Timestamp::from_millis(NOW * 1000))
}

#[test]
fn only_what_stripe_has_signed_a_moment_ago_is_read() {
    let event = r#"{"id":"evt_1","object":"event","type":"payment_intent.succeeded",
        "data":{"object":{"object":"payment_intent","id":"pi_1"}}}"#;
    let read =
        StripeEvent { id: "evt_1".into(), intent: Some(IntentId("pi_1".into())), about: About::Intent, claim: None };
    assert_eq!(check(event, event, "whsec_ours", 0), Ok(read));
    assert!(check(event, event, "whsec_ours", 300).is_ok());
    assert_eq!(check(event, event, "whsec_ours", 301), Err(WebhookError::InvalidSignature));
    assert_eq!(check(event, event, "whsec_ours", -301), Err(WebhookError::InvalidSignature));
    assert_eq!(check(event, event, "whsec_theirs", 0), Err(WebhookError::InvalidSignature));
    assert_eq!(check(event, &event.replace("pi_1", "pi_2"), "whsec_ours", 0), Err(WebhookError::InvalidSignature));
}

#[test]
fn one_right_signature_among_others_is_enough() {
    let event = r#"{"id":"evt_1"}"#;
    let ours = Webhook::generate_test_header(event, "whsec_ours", Some(NOW));
    let theirs = Webhook::generate_test_header(event, "whsec_theirs", Some(NOW));
    let (_, theirs) = theirs.split_once(',').expect("a time and a signature");
    let read = |header: &str| {
        let secret = "whsec_ours".parse().expect("a secret");
        verify(event.as_bytes(), Some(header), &secret, Timestamp::from_millis(NOW * 1000)).is_ok()
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
        assert_eq!(check(payload, payload, "whsec_ours", 0), Err(WebhookError::Unreadable), "{payload}");
    }
    let sneaky = r#"{"id":"evt_1","data":{"object":{"object":"payment_intent","id":"pi_1/../../refunds"}}}"#;
    assert_eq!(check(sneaky, sneaky, "whsec_ours", 0).map(|event| event.intent), Ok(None));
}

#[test]
fn a_refund_names_its_intent() {
    let event = r#"{"id":"evt_1","data":{"object":{"object":"refund","id":"re_1","payment_intent":"pi_9"}}}"#;
    let read = check(event, event, "whsec_ours", 0).expect("an event");
    assert_eq!((read.intent, read.about), (Some(IntentId("pi_9".into())), About::Refunds));
}

#[test]
fn what_a_webhook_is_about_is_told_by_its_object() {
    let about = |object: &str| {
        let event = format!(r#"{{"id":"evt_1","data":{{"object":{object}}}}}"#);
        check(&event, &event, "whsec_ours", 0).expect("an event").about
    };
    assert_eq!(about(r#"{"object":"charge","id":"ch_1","amount_refunded":0}"#), About::Intent);
    assert_eq!(about(r#"{"object":"charge","id":"ch_1","amount_refunded":5}"#), About::Refunds);
    assert_eq!(about(r#"{"object":"dispute","id":"du_1"}"#), About::Intent, "a dispute of nothing");
    for (said, status) in [
        ("needs_response", DisputeStatus::Open),
        ("warning_under_review", DisputeStatus::Open),
        ("a_status_of_the_future", DisputeStatus::Open),
        ("won", DisputeStatus::Won),
        ("warning_closed", DisputeStatus::Won),
        ("lost", DisputeStatus::Lost),
    ] {
        let dispute = Dispute { id: "du_1".into(), amount: Price::from_minor_units(5).expect("a price"), status };
        let object = format!(r#"{{"object":"dispute","id":"du_1","amount":5,"status":"{said}"}}"#);
        assert_eq!(about(&object), About::Dispute(dispute), "{said}");
    }
}
