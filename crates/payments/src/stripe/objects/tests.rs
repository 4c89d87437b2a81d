use miniserde::json::from_str;

use super::*;

const INTENT: &str = include_str!("../samples/payment_intent.json");
const DECLINED: &str = include_str!("../samples/declined.json");
const REFUNDS: &str = include_str!("../samples/refunds.json");

fn intent(json: &str) -> Intent {
    from_str(json).unwrap_or_else(|_| panic!("an intent: {json}"))
}

/// The sample, with this instead of that.
fn changed(sample: &str, from: &str, to: &str) -> String {
    assert!(sample.contains(from), "the sample has no {from}");
    sample.replace(from, to)
}

#[test]
fn an_intent_is_read_among_all_that_comes_with_it() {
    let intent = intent(INTENT);
    assert_eq!((intent.id.as_str(), intent.status()), ("pi_3MtwBwLkdIwHu7ix28a3tqPa", IntentStatus::Authorized));
    assert_eq!(intent.note("order_id"), Some("5f1f77bcf86cd799439011aa"));
    assert_eq!(intent.note("payment_id"), Some("5f1f77bcf86cd799439011bb"));
    assert_eq!((intent.note("attempt"), intent.note("tip")), (Some("2"), None));
    assert!(intent.last_payment_error.is_none());
}

#[test]
fn every_status_of_stripe_means_one_of_ours() {
    for (status, ours) in [
        ("canceled", IntentStatus::Cancelled),
        ("processing", IntentStatus::Processing),
        ("requires_action", IntentStatus::NotAuthorized),
        ("requires_capture", IntentStatus::Authorized),
        ("requires_confirmation", IntentStatus::NotAuthorized),
        ("requires_payment_method", IntentStatus::NotAuthorized),
        ("succeeded", IntentStatus::Captured),
        ("a_status_of_the_future", IntentStatus::Processing),
    ] {
        assert_eq!(intent(&changed(INTENT, "requires_capture", status)).status(), ours, "{status}");
    }
}

#[test]
fn what_an_intent_may_lack_is_not_missed() {
    for bare in [
        r#"{"id":"pi_1","status":"succeeded"}"#,
        r#"{"id":"pi_1","status":"succeeded","metadata":null,"last_payment_error":null}"#,
        r#"{"id":"pi_1","status":"succeeded","metadata":{}}"#,
    ] {
        let intent = intent(bare);
        assert_eq!((intent.status(), intent.note("order_id")), (IntentStatus::Captured, None), "{bare}");
        assert!(intent.last_payment_error.is_none(), "{bare}");
    }
}

#[test]
fn nothing_is_made_up_for_what_an_intent_must_have() {
    for json in [
        "{}",
        "[]",
        "null",
        "",
        r#"{"id":"pi_1"}"#,
        r#"{"status":"succeeded"}"#,
        r#"{"id":"pi_1","status":null}"#,
        r#"{"id":1,"status":"succeeded"}"#,
        r#"{"id":"pi_1","status":"succeeded""#,
        r#"{"id":"pi_1","status":"succeeded","last_payment_error":{"message":"of no type"}}"#,
        DECLINED,
    ] {
        assert!(from_str::<Intent>(json).is_err(), "{json}");
    }
}

#[test]
fn an_error_is_read_among_all_that_comes_with_it() {
    let ErrorBody { error } = from_str(DECLINED).expect("an error");
    assert!(error.is_the_card() && !error.is_the_key());
    assert_eq!(error.message.as_deref(), Some("Your card has insufficient funds."));
    let ErrorBody { error } = from_str(r#"{"error":{"type":"idempotency_error","message":null}}"#).expect("an error");
    assert!(error.is_the_key() && !error.is_the_card() && error.message.is_none());
    for json in ["{}", r#"{"error":null}"#, r#"{"error":"gone"}"#, r#"{"error":{"message":"of no type"}}"#] {
        assert!(from_str::<ErrorBody>(json).is_err(), "{json}");
    }
}

#[test]
fn the_last_error_of_an_intent_is_read() {
    let error = r#""last_payment_error": {"type": "card_error", "code": "expired_card", "message": "It has expired.", "source": {}}"#;
    let error = intent(&changed(INTENT, r#""last_payment_error": null"#, error)).last_payment_error.expect("an error");
    assert_eq!((error.is_the_card(), error.message.as_deref()), (true, Some("It has expired.")));
}

#[test]
fn refunds_are_alive_until_they_have_failed() {
    let Refunds { data } = from_str(REFUNDS).expect("refunds");
    let alive = data.iter().filter(|refund| refund.is_alive()).map(|refund| refund.id.as_str());
    assert_eq!(alive.collect::<Vec<_>>(), ["re_3MtwBwLkdIwHu7ix0pending"]);
    for (status, is_alive) in [
        (r#""succeeded""#, true),
        (r#""requires_action""#, true),
        (r#""canceled""#, false),
        (r#""failed""#, false),
        ("null", true),
    ] {
        let Refund { id, status } = from_str(&format!(r#"{{"id":"re_1","status":{status}}}"#)).expect("a refund");
        assert_eq!(Refund { id, status }.is_alive(), is_alive);
    }
}
