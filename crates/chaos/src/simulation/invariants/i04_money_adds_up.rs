use server::services::ServiceName;
use stripe_sim::LedgerIntent;

use super::run::Run;

/// I4: in an idle system the money kept for an order, captured less refunded, is its price if it is
/// complete, and nothing if it is not; and no other money is kept. By Stripe's own books. Payments knows what
/// else happened to it: what a bank did not take back stays, and what was refunded in the dashboard is gone.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut due = 0;
    for order in run.orders() {
        let status = order.field("status").as_str().unwrap_or_default();
        let price = order.field("ticket.price").as_i64().unwrap_or_default();
        let owed = match status {
            "complete" => price - given_back(run, &order.id),
            _ if refund_failed(run, &order.id) => price,
            _ => 0,
        };
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

/// What was refunded of a complete order in the dashboard, as payments has recorded it.
fn given_back(run: &Run, order: &str) -> i64 {
    let payment = run.record(ServiceName::Payments, "payments", order);
    let refunds = payment.and_then(|payment| payment.field("outsideRefunds").as_array()).map_or(&[][..], Vec::as_slice);
    let alive = refunds.iter().filter(|refund| refund["status"] != "failed");
    alive.filter_map(|refund| refund["amount"].as_i64()).sum()
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
