use server::services::ServiceName;
use stripe_sim::LedgerIntent;

use super::run::Run;

/// I4: in an idle system the money kept for an order, captured less refunded, is its price if it is
/// complete, and nothing if it is not; and no other money is kept. By Stripe's own books. What a bank did not
/// take back stays, if payments knows of it: people look into that.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut due = 0;
    for order in run.orders() {
        let status = order.field("status").as_str().unwrap_or_default();
        let price = order.field("ticket.price").as_i64().unwrap_or_default();
        let is_owed = status == "complete" || refund_failed(run, &order.id);
        let owed = if is_owed { price } else { 0 };
        let kept: i64 = run.ledger.with_metadata("order_id", &order.id).map(kept).sum();
        if kept != owed {
            seen.push(format!("order {} is {status}, and {kept} is kept for it instead of {owed}", order.id));
        }
        due += owed;
    }
    let kept = run.ledger.kept();
    if kept != due {
        seen.push(format!("{kept} is kept in all, and the complete orders come to {due}"));
    }
    seen
}

fn kept(intent: &LedgerIntent) -> i64 {
    intent.captured - intent.refunded() - intent.refunding()
}

/// Whether payments calls for help because a refund has failed, and one has.
fn refund_failed(run: &Run, order: &str) -> bool {
    let payment = run.record(ServiceName::Payments, "payments", order);
    payment.is_some_and(|payment| payment.field("state.name") == "refundFailed")
        && run.ledger.with_metadata("order_id", order).any(|intent| !intent.refunds.is_empty())
}
