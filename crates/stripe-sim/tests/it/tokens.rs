use serde_json::json;

use crate::account::{Account, authorization};

const GOOD: &str = "card[number]=4242424242424242&card[exp_month]=11&card[exp_year]=2026&card[cvc]=123";

#[tokio::test(flavor = "multi_thread")]
async fn a_card_becomes_a_token_that_pays_once() {
    let account = Account::open().await;
    let reply = account.post_openly("tokens", &format!("{GOOD}&key=pk_test_simulated"), None).await;
    assert_eq!((reply.status, &reply.body["card"]["last4"]), (200, &json!("4242")), "{}", reply.body);
    let token = reply.body["id"].as_str().expect("an id");
    let first = account.keyed("payment_intents", &authorization(token), Some("k")).await;
    assert_eq!(first.status, 200);
    assert_eq!(account.keyed("payment_intents", &authorization(token), Some("k")).await.status, 200);
    let second = account.post("payment_intents", &authorization(token)).await;
    assert_eq!((second.status, &second.body["error"]["code"]), (400, &json!("token_already_used")));
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_card_is_found_out_when_it_pays() {
    let account = Account::open().await;
    let form = GOOD.replace("4242424242424242", "4000 0000 0000 9995");
    let token = account.post("tokens", &form).await.body["id"].as_str().expect("an id").to_owned();
    let reply = account.post("payment_intents", &authorization(&token)).await;
    assert_eq!((reply.status, &reply.body["error"]["decline_code"]), (402, &json!("insufficient_funds")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_test_card_becomes_no_token() {
    let account = Account::open().await;
    for (form, code) in [
        (GOOD.replace("4242424242424242", "4242424242424241"), "incorrect_number"),
        (GOOD.replace("4242424242424242", "4111111111111111"), "card_declined"),
        (GOOD.replace("exp_month]=11", "exp_month]=13"), "invalid_expiry_month"),
        (GOOD.replace("exp_month]=11", "exp_month]=10"), "invalid_expiry_year"),
        (GOOD.replace("exp_year]=2026", "exp_year]=9999"), "invalid_expiry_year"),
        (GOOD.replace("cvc]=123", "cvc]=12"), "invalid_cvc"),
    ] {
        let reply = account.post("tokens", &form).await;
        assert_eq!((reply.status, &reply.body["error"]["code"]), (402, &json!(code)), "{form}");
    }
    assert_eq!(account.post("tokens", "").await.status, 400);
    assert_eq!(account.post_openly("tokens", GOOD, None).await.status, 401);
    assert_eq!(account.post_openly("tokens", GOOD, Some("Bearer pk_test_simulated")).await.status, 200);
}
