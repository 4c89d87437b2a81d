use std::collections::BTreeMap;
use std::time::Duration;

use server::services::ServiceName;

use super::run::{Run, moment};

/// The delay of the reconciliation that is scheduled when a payment enters a state.
const GRACE: Duration = Duration::from_secs(5);

/// I6: payments never decides to capture money once it knows that the order is cancelled or its deadline has
/// passed; and money captured because the order ended meanwhile is refunded, once. What others refund at Stripe they
/// may refund in parts.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = taken_too_late(run);
    for order in run.orders().filter(|order| order.field("status") == "cancelled") {
        let refunds = run.ledger.with_metadata("order_id", &order.id).flat_map(|intent| &intent.refunds);
        let refunds = refunds.filter(|refund| refund.is_alive() && !refund.in_dashboard).count();
        if refunds > 1 {
            seen.push(format!("order {} was refunded {refunds} times", order.id));
        }
    }
    seen
}

fn taken_too_late(run: &Run) -> Vec<String> {
    let mut states: BTreeMap<&str, &str> = BTreeMap::new();
    let mut seen = Vec::new();
    for (at, payment) in run.commits_to(ServiceName::Payments, "payments") {
        let Some(state) = payment.text("state.name") else { continue };
        let before = states.insert(&payment.id, state);
        if state != "capturing" || before == Some("capturing") {
            continue;
        }
        if payment.field("orderCancelled") == true {
            seen.push(format!("at {at:?} money is captured for order {}, which is known to be cancelled", payment.id));
        }
        // The decision precedes the write: a decision in time may be written after the deadline.
        let (deadline, looked_at) = (moment(payment.field("deadline")), moment(payment.field("checkAt")));
        if deadline.zip(looked_at).is_none_or(|(deadline, looked_at)| looked_at - GRACE >= deadline) {
            seen.push(format!("at {at:?} money is captured for order {} after its deadline", payment.id));
        }
    }
    seen
}
