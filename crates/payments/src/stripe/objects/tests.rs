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
        ("requires_action", IntentStatus::AwaitingBuyer),
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
    assert_eq!(error.words(), "Your card has insufficient funds.");
    let ErrorBody { error } = from_str(r#"{"error":{"type":"idempotency_error","message":null}}"#).expect("an error");
    assert!(error.is_the_key() && !error.is_the_card() && error.code.is_none());
    let ErrorBody { error } = from_str(r#"{"error":{"type":"card_error","code":"expired_card"}}"#).expect("an error");
    assert_eq!(error.words(), "Your card has expired.");
    for json in ["{}", r#"{"error":null}"#, r#"{"error":"gone"}"#, r#"{"error":{"message":"of no type"}}"#] {
        assert!(from_str::<ErrorBody>(json).is_err(), "{json}");
    }
}

#[test]
fn the_last_error_of_an_intent_is_read() {
    let error = r#""last_payment_error": {"type": "card_error", "code": "expired_card", "message": "It has expired.", "source": {}}"#;
    let error = intent(&changed(INTENT, r#""last_payment_error": null"#, error)).last_payment_error.expect("an error");
    assert_eq!((error.is_the_card(), error.words()), (true, "Your card has expired."));
}

#[test]
fn refunds_stand_until_they_have_failed() {
    let Refunds { data } = from_str(REFUNDS).expect("refunds");
    let standing = data.into_iter().filter_map(RefundObject::refund).filter(Refund::stands).map(|refund| refund.id);
    assert_eq!(standing.collect::<Vec<_>>(), ["re_3MtwBwLkdIwHu7ix0pending"]);
    for (said, status) in [
        (r#""succeeded""#, RefundStatus::Succeeded),
        (r#""requires_action""#, RefundStatus::Pending),
        (r#""canceled""#, RefundStatus::Failed),
        (r#""failed""#, RefundStatus::Failed),
        ("null", RefundStatus::Pending),
    ] {
        let json = format!(r#"{{"id":"re_1","amount":5,"status":{said}}}"#);
        let refund = from_str::<RefundObject>(&json).expect("a refund").refund().expect("an amount");
        assert_eq!(refund.status, status, "{said}");
    }
    let nothing: RefundObject = from_str(r#"{"id":"re_1","amount":0,"status":"succeeded"}"#).expect("a refund");
    assert!(nothing.refund().is_none());
}

#[test]
fn the_page_of_the_bank_is_read_if_it_is_a_page() {
    let asked = |url: &str| {
        let action = format!(r#""next_action": {{"type": "redirect_to_url", "redirect_to_url": {{"url": "{url}"}}}}"#);
        intent(&changed(INTENT, r#""next_action": null"#, &action)).action()
    };
    let action = asked("https://hooks.stripe.com/3d_secure").expect("an action");
    assert_eq!(action.url, "https://hooks.stripe.com/3d_secure");
    assert!(action.client_secret.is_some_and(|secret| secret.starts_with("pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_")));
    assert_eq!(asked("javascript:alert(1)"), None);
    let sdk = r#""next_action": {"type": "use_stripe_sdk", "use_stripe_sdk": {}}"#;
    assert_eq!(intent(&changed(INTENT, r#""next_action": null"#, sdk)).action(), None);
}

#[test]
fn the_card_is_read_from_its_charge() {
    assert_eq!(intent(INTENT).card(), None, "the charge is not expanded");
    let charge = r#""latest_charge": {"id": "ch_1", "payment_method_details": {"type": "card",
        "card": {"brand": "visa", "last4": "4242", "wallet": null}}}"#;
    let expanded = changed(INTENT, r#""latest_charge": "ch_3MtwBwLkdIwHu7ix2LzFKxvu""#, charge);
    assert_eq!(intent(&expanded).card(), Some(Card { brand: "visa".into(), last4: "4242".into() }));
}
