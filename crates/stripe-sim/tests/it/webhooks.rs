use crate::account::{Account, authorization};
use crate::receiver::{Receiver, account_with, all_delivered};

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_happens_to_an_intent_is_sent_in_order() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let id = account.authorize().await;
    account.post(&format!("payment_intents/{id}/capture"), "").await;
    account.post("refunds", &format!("payment_intent={id}")).await;
    all_delivered(&account).await;
    account.post("payment_intents", &authorization("tok_chargeDeclined")).await;
    all_delivered(&account).await;
    assert_eq!(
        receiver.kinds(),
        [
            "payment_intent.created",
            "payment_intent.amount_capturable_updated",
            "payment_intent.succeeded",
            "refund.created",
            "charge.refunded",
            "payment_intent.created",
            "payment_intent.payment_failed",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_comes_again() {
    let receiver = Receiver::default();
    receiver.refuse(3);
    let account = account_with(&receiver).await;
    account.authorize().await;
    all_delivered(&account).await;
    let mut kinds = receiver.kinds();
    kinds.sort();
    assert_eq!(kinds, ["payment_intent.amount_capturable_updated", "payment_intent.created"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_can_be_held_doubled_and_turned_round() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    account.sim.faults().hold_webhooks(true);
    account.sim.faults().duplicate_webhooks(true);
    account.sim.faults().reverse_webhooks(true);
    account.authorize().await;
    assert_eq!(account.sim.pending_webhooks().await.expect("counts"), 2);
    account.sim.faults().hold_webhooks(false);
    all_delivered(&account).await;
    let (created, capturable) = ("payment_intent.created", "payment_intent.amount_capturable_updated");
    assert_eq!(receiver.kinds(), [capturable, capturable, created, created]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_receiver_no_webhooks_wait() {
    let account = Account::open().await;
    account.authorize().await;
    assert_eq!(account.sim.pending_webhooks().await.expect("counts"), 0);
}
