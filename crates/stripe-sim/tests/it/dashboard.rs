use serde_json::json;
use stripe_sim::{DisputeOutcome, DisputeStatus, NotPossible};

use crate::account::Account;
use crate::receiver::{Receiver, account_with, all_delivered};

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_in_the_dashboard_comes_as_a_webhook() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let id = account.charge_with("tok_visa").await;
    all_delivered(&account).await;
    receiver.take_kinds();
    let refund = account.sim.refund_in_dashboard(&id).await.expect("refunded");
    all_delivered(&account).await;
    assert_eq!(receiver.kinds(), ["refund.created", "charge.refunded"]);
    let [charge] = &receiver.objects("charge.refunded")[..] else { panic!("one") };
    assert_eq!((&charge["payment_intent"], &charge["refunded"]), (&json!(id), &json!(true)));
    assert_eq!(charge["amount_refunded"], 2000);
    assert_eq!(account.get(&format!("refunds/{refund}")).await.body["status"], "succeeded");
    let ours = account.post("refunds", &format!("payment_intent={id}")).await;
    assert_eq!((ours.status, ours.code()), (400, &json!("charge_already_refunded")));
    assert!(matches!(account.sim.refund_in_dashboard(&id).await, Err(NotPossible::Refused(_))));
    assert!(matches!(account.sim.refund_in_dashboard("pi_none").await, Err(NotPossible::Refused(_))));
    assert_eq!(account.ledger().await.kept(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_can_be_refunded_in_the_dashboard_and_then_the_rest() {
    let account = account_with(&Receiver::default()).await;
    let id = account.charge_with("tok_visa").await;
    account.sim.refund_in_dashboard_with(&id, Some(500), None).await.expect("refunded");
    assert_eq!(account.ledger().await.kept(), 1500);
    let too_much = account.sim.refund_in_dashboard_with(&id, Some(1501), None).await;
    assert!(matches!(too_much, Err(NotPossible::Refused(_))));
    account.sim.refund_in_dashboard(&id).await.expect("refunded");
    assert_eq!((account.ledger().await.kept(), account.ledger().await.refunds()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispute_takes_the_money_until_it_is_won() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    for (outcome, status, kept, closed) in [
        (
            DisputeOutcome::Won,
            DisputeStatus::Won,
            2000,
            &["charge.dispute.closed", "charge.dispute.funds_reinstated"][..],
        ),
        (DisputeOutcome::Lost, DisputeStatus::Lost, 0, &["charge.dispute.closed"][..]),
    ] {
        let before = account.ledger().await.kept();
        let id = account.charge_with("tok_visa").await;
        all_delivered(&account).await;
        receiver.take_kinds();
        account.sim.open_dispute(&id).await.expect("opened");
        all_delivered(&account).await;
        assert_eq!(receiver.kinds(), ["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
        let dispute = receiver.objects("charge.dispute.created").remove(0);
        assert_eq!((&dispute["status"], &dispute["amount"]), (&json!("needs_response"), &json!(2000)));
        assert_eq!((&dispute["payment_intent"], &dispute["reason"]), (&json!(id), &json!("fraudulent")));
        receiver.take_kinds();
        let ledger = account.ledger().await;
        assert_eq!(ledger.kept(), before);
        let refused = account.post("refunds", &format!("payment_intent={id}")).await;
        assert_eq!((refused.status, refused.code()), (400, &json!("charge_disputed")));
        assert!(account.sim.open_dispute(&id).await.is_err(), "it is open");

        account.sim.close_dispute(&id, outcome).await.expect("closed");
        all_delivered(&account).await;
        assert_eq!(receiver.take_kinds(), closed);
        let ledger = account.ledger().await;
        assert_eq!(ledger.kept(), before + kept);
        assert!(ledger.intents.iter().any(|intent| intent.id == id && intent.dispute == Some(status)));
        let path = format!("disputes/{}", dispute["id"].as_str().expect("an id"));
        assert_eq!(account.get(&path).await.body["status"], status.name());
        assert!(account.sim.close_dispute(&id, outcome).await.is_err(), "it is closed");
        let refund = account.post("refunds", &format!("payment_intent={id}")).await;
        assert_eq!(refund.status, if outcome == DisputeOutcome::Won { 200 } else { 400 });
        all_delivered(&account).await;
    }
    let ledger = account.ledger().await;
    assert_eq!((ledger.captured(), ledger.refunded(), ledger.disputed(), ledger.kept()), (4000, 2000, 2000, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_a_card_whose_holder_disputes() {
    let account = Account::open().await;
    let id = account.charge_with("tok_createDispute").await;
    let charge = account.get(&format!("charges/{}", id.replace("pi_", "ch_"))).await.body;
    assert_eq!(charge["disputed"], true);
    assert_eq!(account.ledger().await.disputed(), 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_taken_can_be_disputed() {
    let account = Account::open().await;
    let (held, refunded) = (account.authorize().await, account.charge_with("tok_visa").await);
    account.sim.refund_in_dashboard(&refunded).await.expect("refunded");
    for id in [held, refunded] {
        assert!(account.sim.open_dispute(&id).await.is_err());
        assert!(account.sim.close_dispute(&id, DisputeOutcome::Won).await.is_err());
    }
    assert_eq!(account.ledger().await.disputed(), 0);
}
