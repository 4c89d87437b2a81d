use serde_json::json;
use stripe_sim::{Call, Moment, Processed};

use crate::account::{Account, authorization};
use crate::receiver::{Receiver, account_with, all_delivered};

#[tokio::test(flavor = "multi_thread")]
async fn an_intent_may_exist_whose_creation_is_a_500_for_ever() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    account.sim.faults().break_down(Call::CreateIntent, Moment::After);
    for is_replay in [false, true, true] {
        let broken = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
        assert_eq!((broken.status, broken.replayed), (500, is_replay));
        assert_eq!(broken.body["error"]["payment_intent"], json!(null), "nobody is told the id");
    }
    all_delivered(&account).await;
    let [intent] = &receiver.objects("payment_intent.amount_capturable_updated")[..] else { panic!("one") };
    assert_eq!((&intent["status"], &intent["metadata"]["order_id"]), (&json!("requires_capture"), &json!("7")));
    let id = intent["id"].as_str().expect("an id");
    assert_eq!(account.get(&format!("payment_intents/{id}")).await.body["status"], "requires_capture");
    assert_eq!(account.keyed("payment_intents", &authorization("tok_visa"), Some("other")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn or_it_may_not() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    account.sim.faults().break_down(Call::CreateIntent, Moment::Before);
    for is_replay in [false, true] {
        let broken = account.keyed("payment_intents", &authorization("tok_visa"), Some("k")).await;
        assert_eq!((broken.status, broken.replayed), (500, is_replay));
    }
    let other = account.keyed("payment_intents", &authorization("tok_amex"), Some("k")).await;
    assert_eq!((other.status, &other.body["error"]["type"]), (400, &json!("idempotency_error")));
    assert!(account.ledger().await.intents.is_empty() && receiver.kinds().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_and_a_cancellation_may_break_down_too() {
    let account = Account::open().await;
    for (call, verb, done) in [(Call::Capture, "capture", "succeeded"), (Call::Cancel, "cancel", "canceled")] {
        for (moment, status) in [(Moment::Before, "requires_capture"), (Moment::After, done)] {
            let id = account.authorize().await;
            account.sim.faults().break_down(call, moment);
            let path = format!("payment_intents/{id}/{verb}");
            for is_replay in [false, true] {
                let broken = account.keyed(&path, "", Some(&format!("{id}{verb}"))).await;
                assert_eq!((broken.status, broken.replayed), (500, is_replay), "{verb}");
            }
            assert_eq!(account.get(&format!("payment_intents/{id}")).await.body["status"], status, "{verb}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_may_take_its_time() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    for (processed, status, kind) in [
        (Processed::Granted, "requires_capture", "payment_intent.amount_capturable_updated"),
        (Processed::Declined, "requires_payment_method", "payment_intent.payment_failed"),
    ] {
        account.sim.faults().next_intent_is_processing();
        let form = authorization("tok_visa");
        let create = || account.keyed("payment_intents", &form, Some(kind));
        let first = create().await;
        assert_eq!((first.status, &first.body["status"]), (200, &json!("processing")));
        assert_eq!(first.body["latest_charge"], json!(null));
        let path = format!("payment_intents/{}", first.id());
        for verb in ["capture", "cancel"] {
            let refused = account.post(&format!("{path}/{verb}"), "").await;
            assert_eq!((refused.status, refused.code()), (400, &json!("payment_intent_unexpected_state")));
        }
        all_delivered(&account).await;
        assert_eq!(receiver.take_kinds(), ["payment_intent.created", "payment_intent.processing"]);
        account.sim.finish_processing(&first.id(), processed).await.expect("it was processing");
        all_delivered(&account).await;
        assert_eq!(receiver.take_kinds(), [kind]);
        assert_eq!(create().await.body, first.body, "a retry is answered as before");
        assert_eq!(account.get(&path).await.body["status"], status);
        assert!(account.sim.finish_processing(&first.id(), processed).await.is_err());
    }
}
