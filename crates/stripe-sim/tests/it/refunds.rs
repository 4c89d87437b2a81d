use std::time::Duration;

use serde_json::json;
use stripe_sim::{Call, Moment, RefundFate, RefundRefusal, RefundStatus};

use crate::account::Account;
use crate::receiver::{Receiver, account_with, all_delivered};

const SUCCEEDED: [&str; 2] = ["charge.refund.updated", "refund.updated"];
const FAILED: [&str; 3] = ["charge.refund.updated", "refund.updated", "refund.failed"];

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_can_be_pending_and_end_in_any_way() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    for (end, kinds, refunded) in [
        (RefundStatus::Succeeded, &SUCCEEDED[..], 2000),
        (RefundStatus::Failed, &FAILED[..], 0),
        (RefundStatus::Canceled, &SUCCEEDED[..], 0),
    ] {
        let before = account.ledger().await;
        let id = account.charge_with("tok_visa").await;
        account.sim.faults().next_refund(RefundFate::Pends);
        let refund = account.post("refunds", &format!("payment_intent={id}")).await;
        assert_eq!((refund.status, &refund.body["status"]), (200, &json!("pending")));
        let ledger = account.ledger().await;
        assert_eq!((ledger.refunded() - before.refunded(), ledger.refunding()), (0, 2000));
        all_delivered(&account).await;
        receiver.take_kinds();

        account.sim.settle_refund(&refund.id(), end).await.expect("it was pending");
        all_delivered(&account).await;
        assert_eq!(receiver.kinds(), kinds);
        assert_eq!(receiver.objects("refund.updated")[0]["status"], end.name());
        assert_eq!(account.get(&format!("refunds/{}", refund.id())).await.body["status"], end.name());
        let listed = account.get(&format!("refunds?payment_intent={id}")).await.body;
        assert_eq!(listed["data"][0]["status"], end.name());
        let ledger = account.ledger().await;
        assert_eq!((ledger.refunded() - before.refunded(), ledger.refunding()), (refunded, 0));
        assert!(account.sim.settle_refund(&refund.id(), RefundStatus::Canceled).await.is_err(), "it has ended");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_can_be_refunded_again() {
    let account = Account::open().await;
    let id = account.charge_with("tok_visa").await;
    let form = format!("payment_intent={id}");
    let first = account.post("refunds", &form).await;
    account.sim.settle_refund(&first.id(), RefundStatus::Failed).await.expect("banks send money back");
    let failed = account.get(&format!("refunds/{}", first.id())).await.body;
    assert_eq!(failed["failure_reason"], "expired_or_canceled_card");
    let charge = account.get(&format!("charges/{}", id.replace("pi_", "ch_"))).await.body;
    assert_eq!((&charge["refunded"], &charge["amount_refunded"]), (&json!(false), &json!(0)));
    assert_eq!(account.post("refunds", &form).await.body["amount"], 2000);
    let ledger = account.ledger().await;
    assert_eq!((ledger.captured(), ledger.refunded(), ledger.refunds(), ledger.kept()), (2000, 2000, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refund_can_fail_at_once_and_another_can_follow() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    let id = account.charge_with("tok_visa").await;
    all_delivered(&account).await;
    receiver.take_kinds();
    account.sim.faults().next_refund(RefundFate::Fails);
    let form = format!("payment_intent={id}");
    let failed = account.post("refunds", &form).await;
    assert_eq!((failed.status, &failed.body["status"]), (200, &json!("failed")));
    assert_eq!(failed.body["failure_reason"], "expired_or_canceled_card");
    all_delivered(&account).await;
    assert_eq!(receiver.take_kinds(), ["refund.created", "refund.failed"]);
    assert_eq!(account.ledger().await.kept(), 2000);
    assert_eq!(account.post("refunds", &form).await.body["status"], "succeeded");
    assert_eq!(account.ledger().await.kept(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn some_refunds_change_by_themselves() {
    let receiver = Receiver::default();
    let account = account_with(&receiver).await;
    for (token, fate, first, later, kinds) in [
        ("tok_pendingRefund", None, "pending", "succeeded", &SUCCEEDED[..]),
        ("tok_refundFail", None, "succeeded", "failed", &FAILED[..]),
        ("tok_visa", Some(RefundFate::FailsLater), "succeeded", "failed", &FAILED[..]),
        ("tok_visa", Some(RefundFate::PendsThen(RefundStatus::Canceled)), "pending", "canceled", &SUCCEEDED[..]),
    ] {
        let id = account.charge_with(token).await;
        if let Some(fate) = fate {
            account.sim.faults().next_refund(fate);
        }
        let refund = account.post("refunds", &format!("payment_intent={id}")).await;
        assert_eq!(refund.body["status"], first, "{token}");
        all_delivered(&account).await;
        receiver.take_kinds();
        account.clock.advance(Duration::from_secs(6));
        let path = format!("refunds/{}", refund.id());
        let settled = async {
            while account.get(&path).await.body["status"] != later {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), settled).await.expect("settles");
        all_delivered(&account).await;
        assert_eq!(receiver.take_kinds(), kinds, "{token}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_repeated_for_the_same_key_and_not_for_another() {
    let account = Account::open().await;
    for (refusal, code) in [
        (RefundRefusal::BalanceInsufficient, "balance_insufficient"),
        (RefundRefusal::ChargeDisputed, "charge_disputed"),
    ] {
        let id = account.charge_with("tok_visa").await;
        let form = format!("payment_intent={id}&amount=2000");
        account.sim.faults().next_refund(RefundFate::Refused(refusal));
        for is_replay in [false, true, true] {
            let refused = account.keyed("refunds", &form, Some(&id)).await;
            assert_eq!((refused.status, refused.code(), refused.replayed), (400, &json!(code), is_replay));
            assert_eq!(refused.body["error"]["type"], "invalid_request_error");
        }
        assert_eq!(account.get(&format!("refunds?payment_intent={id}")).await.body["data"], json!([]));
        assert_eq!(account.keyed("refunds", &form, Some(code)).await.status, 200, "another key");
    }
    assert_eq!(account.ledger().await.refunded(), 4000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_breakdown_is_repeated_for_the_same_key_whether_it_was_done_or_not() {
    let account = Account::open().await;
    for (moment, done) in [(Moment::Before, 0), (Moment::After, 1)] {
        let id = account.charge_with("tok_visa").await;
        let form = format!("payment_intent={id}&amount=2000");
        account.sim.faults().break_down(Call::Refund, moment);
        for is_replay in [false, true] {
            let broken = account.keyed("refunds", &form, Some(&id)).await;
            assert_eq!((broken.status, broken.replayed), (500, is_replay));
            assert_eq!(broken.body["error"]["type"], "api_error");
        }
        let listed = account.get(&format!("refunds?payment_intent={id}")).await.body;
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(done));
    }
    assert_eq!(account.ledger().await.refunded(), 2000);
}
