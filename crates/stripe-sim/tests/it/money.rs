use serde_json::json;

use crate::account::{Account, authorization};

#[tokio::test(flavor = "multi_thread")]
async fn money_is_set_aside_then_taken_then_given_back() {
    let account = Account::open().await;
    let id = account.authorize().await;
    let intent = account.get(&format!("payment_intents/{id}")).await.body;
    assert_eq!(intent["amount_capturable"], 2000);
    assert_eq!(intent["metadata"], json!({"order_id": "7"}));
    assert_eq!(account.sim.ledger().await.expect("reads").captured(), 0);

    let captured = account.post(&format!("payment_intents/{id}/capture"), "").await;
    assert_eq!((captured.status, &captured.body["status"]), (200, &json!("succeeded")));
    assert_eq!(captured.body["amount_received"], 2000);

    let refund = account.post("refunds", &format!("payment_intent={id}&amount=500")).await;
    assert_eq!((refund.status, &refund.body["status"]), (200, &json!("succeeded")));
    let path = format!("refunds/{}", refund.body["id"].as_str().expect("an id"));
    assert_eq!(account.get(&path).await.body, refund.body);
    assert_eq!(account.get(&format!("refunds?payment_intent={id}")).await.body["data"], json!([refund.body]));
    let ledger = account.sim.ledger().await.expect("reads");
    assert_eq!((ledger.captured(), ledger.refunded()), (2000, 500));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_more_goes_back_than_was_taken() {
    let account = Account::open().await;
    let id = account.authorize().await;
    let account = &account;
    let refund = async |form: String| account.post("refunds", &form).await;
    assert_eq!(refund(format!("payment_intent={id}")).await.status, 400, "nothing has been taken yet");
    account.post(&format!("payment_intents/{id}/capture"), "amount_to_capture=1500").await;
    for amount in ["1501", "0", "-1", "x"] {
        assert_eq!(refund(format!("payment_intent={id}&amount={amount}")).await.status, 400, "{amount}");
    }
    assert_eq!(refund(format!("payment_intent={id}&amount=1000")).await.status, 200);
    let over = refund(format!("payment_intent={id}&amount=501")).await;
    assert_eq!((over.status, &over.body["error"]["type"]), (400, &json!("invalid_request_error")));
    assert_eq!(refund(format!("payment_intent={id}")).await.body["amount"], 500, "what is left");
    let again = refund(format!("payment_intent={id}")).await;
    assert_eq!((again.status, &again.body["error"]["code"]), (400, &json!("charge_already_refunded")));
    let ledger = account.sim.ledger().await.expect("reads");
    assert_eq!((ledger.captured(), ledger.refunded(), ledger.refunds()), (1500, 1500, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_captured_or_cancelled_stays_so() {
    let account = Account::open().await;
    let (taken, given_up) = (account.authorize().await, account.authorize().await);
    assert_eq!(account.post(&format!("payment_intents/{taken}/capture"), "").await.status, 200);
    let cancelled = account.post(&format!("payment_intents/{given_up}/cancel"), "").await;
    assert_eq!((cancelled.status, &cancelled.body["status"]), (200, &json!("canceled")));
    for id in [taken, given_up] {
        for action in ["capture", "cancel"] {
            let reply = account.post(&format!("payment_intents/{id}/{action}"), "").await;
            assert_eq!((reply.status, &reply.body["error"]["code"]), (400, &json!("payment_intent_unexpected_state")));
            assert_eq!(reply.body["error"]["payment_intent"]["id"], json!(id));
        }
    }
    assert_eq!(account.sim.ledger().await.expect("reads").captured(), 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn declined_cards_pay_nothing_and_say_why() {
    let account = Account::open().await;
    for (token, code, decline_code) in [
        ("tok_chargeDeclined", "card_declined", "generic_decline"),
        ("tok_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("tok_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("tok_chargeDeclinedProcessingError", "processing_error", "processing_error"),
        ("tok_visa_chargeDeclinedLostCard", "card_declined", "lost_card"),
        ("tok_visa_chargeDeclinedStolenCard", "card_declined", "stolen_card"),
        ("tok_visa_chargeDeclinedVelocityLimitExceeded", "card_declined", "card_velocity_exceeded"),
        ("tok_visa_chargeDeclinedFraudulent", "card_declined", "fraudulent"),
        ("tok_radarBlock", "card_declined", "fraudulent"),
        ("tok_visa_debit_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("tok_chargeCustomerFail", "card_declined", "generic_decline"),
    ] {
        let reply = account.post("payment_intents", &authorization(token)).await;
        let error = &reply.body["error"];
        assert_eq!(reply.status, 402, "{token}");
        assert_eq!((&error["type"], &error["code"]), (&json!("card_error"), &json!(code)), "{token}");
        assert_eq!(error["decline_code"], json!(decline_code), "{token}");
        assert_eq!(error["payment_intent"]["status"], json!("requires_payment_method"), "{token}");
    }
    assert_eq!(account.sim.ledger().await.expect("reads").captured(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_make_no_sense_are_refused() {
    let account = Account::open().await;
    for form in [
        "".to_owned(),
        authorization("tok_visa").replace("amount=2000", "amount=49"),
        authorization("tok_visa").replace("currency=usd", "currency=doubloons"),
        authorization("tok_visa").replace("confirm=true", ""),
        authorization("tok_visa").replace("capture_method=manual", "capture_method=perhaps"),
        authorization("tok_unheard_of"),
    ] {
        let reply = account.post("payment_intents", &form).await;
        assert_eq!((reply.status, &reply.body["error"]["type"]), (400, &json!("invalid_request_error")), "{form}");
    }
    assert_eq!(account.get("payment_intents/pi_none").await.status, 404);
    assert_eq!(account.post("payment_intents/pi_none/capture", "").await.status, 404);
    assert_eq!(account.get("refunds/re_none_0").await.status, 404);
    assert_eq!(account.get("customers").await.status, 404);
    assert_eq!(account.sim.ledger().await.expect("reads").intents.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_secret_key_opens_the_account() {
    let account = Account::open().await;
    let form = authorization("tok_visa");
    for wrong in [None, Some("Bearer sk_test_other"), Some("Bearer pk_test_simulated"), Some("Basic c2tfb3RoZXI6")] {
        assert_eq!(account.post_openly("payment_intents", &form, wrong).await.status, 401, "{wrong:?}");
    }
    // sk_test_simulated:
    let basic = Some("Basic c2tfdGVzdF9zaW11bGF0ZWQ6");
    assert_eq!(account.post_openly("payment_intents", &form, basic).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn money_survives_a_restart() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("stripe.db");
    let account = Account::at(&path).await;
    let id = account.authorize().await;
    account.keyed(&format!("payment_intents/{id}/capture"), "", Some("k")).await;
    let before = account.sim.ledger().await.expect("reads");
    account.close().await;
    let account = Account::at(&path).await;
    assert_eq!(account.sim.ledger().await.expect("reads"), before);
    let again = account.keyed(&format!("payment_intents/{id}/capture"), "", Some("k")).await;
    assert_eq!((again.status, again.replayed), (200, true));
}
