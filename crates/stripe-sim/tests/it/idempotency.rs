use futures::future::join_all;
use serde_json::json;
use stripe_sim::{Call, Failure, Moment};

use crate::account::{Account, authorization};

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_gets_the_same_response_and_no_second_effect() {
    let account = Account::open().await;
    for token in ["tok_visa", "tok_chargeDeclined"] {
        let first = account.keyed("payment_intents", &authorization(token), Some(token)).await;
        let second = account.keyed("payment_intents", &authorization(token), Some(token)).await;
        assert_eq!((second.status, &second.body), (first.status, &first.body));
        assert_eq!((first.replayed, second.replayed), (false, true));
    }
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 2);

    let id = account.authorize().await;
    account.post(&format!("payment_intents/{id}/capture"), "").await;
    let form = format!("payment_intent={id}&amount=500");
    let first = account.keyed("refunds", &form, Some("r")).await;
    assert_eq!(account.keyed("refunds", &form, Some("r")).await.body, first.body);
    assert_eq!(account.sim.ledger().await.expect("reads").refunded(), 500);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_for_one_request_only() {
    let account = Account::open().await;
    account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
    let other = account.keyed("payment_intents", &authorization("tok_mastercard"), Some("k")).await;
    assert_eq!((other.status, &other.body["error"]["type"]), (400, &json!("idempotency_error")));
    let id = account.authorize().await;
    let elsewhere = account.keyed(&format!("payment_intents/{id}/capture"), "", Some("k")).await;
    assert_eq!((elsewhere.status, &elsewhere.body["error"]["type"]), (400, &json!("idempotency_error")));
    assert_eq!(account.sim.ledger().await.expect("reads").captured(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_the_parameters_does_not_matter() {
    let account = Account::open().await;
    let first = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
    let mut parts: Vec<_> = authorization("tok_visa").split('&').map(str::to_owned).collect();
    parts.reverse();
    let second = account.keyed("payment_intents", &parts.join("&"), Some("k")).await;
    assert_eq!((second.replayed, second.body), (true, first.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_one_request_with_a_key_goes_on_at_once() {
    let account = Account::open().await;
    let form = authorization("tok_visa");
    let replies = join_all((0..8).map(|_| account.keyed("payment_intents", &form, Some("k")))).await;
    assert!(replies.iter().all(|reply| matches!(reply.status, 200 | 409)));
    assert!(replies.iter().any(|reply| reply.status == 200));
    for busy in replies.iter().filter(|reply| reply.status == 409) {
        assert_eq!(busy.body["error"]["code"], json!("idempotency_key_in_use"));
    }
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_response_can_be_asked_for_again() {
    let account = Account::open().await;
    account.sim.faults().plan(Call::CreateIntent, Moment::After, Failure::ServerError);
    let lost = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
    assert_eq!((lost.status, &lost.body["error"]["type"]), (500, &json!("api_error")));
    let found = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
    assert_eq!((found.status, found.replayed), (200, true));
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 1);
    assert_eq!(account.sim.faults().calls(Call::CreateIntent), 2);
}
