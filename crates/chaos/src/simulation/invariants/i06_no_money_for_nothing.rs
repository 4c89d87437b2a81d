use std::collections::BTreeMap;
use std::time::Duration;

use server::services::ServiceName;

use super::run::{Run, moment};

/// When a payment enters a state, it is noted that somebody is to look at it so much later.
const GRACE: Duration = Duration::from_secs(5);

/// I6: payments never decides to take money once it knows that the order is off or its time over; what
/// slips through because the order ends meanwhile goes back, once; and nothing stays set aside.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = taken_too_late(run);
    for order in run.records(ServiceName::Orders, "orders").filter(|order| order.field("status") == "cancelled") {
        let refunds: usize = run.ledger.with_metadata("order_id", &order.id).map(|intent| intent.refunds.len()).sum();
        if refunds > 1 {
            seen.push(format!("the money of order {} went back {refunds} times", order.id));
        }
    }
    let set_aside = run.ledger.intents.iter().filter(|intent| intent.status == "requires_capture");
    seen.extend(set_aside.map(|intent| format!("the money of {} is still set aside", intent.id)));
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
            seen.push(format!("at {at:?} money is taken for order {}, which is known to be off", payment.id));
        }
        // Decided is not yet written: what was decided in time may be written when the time is over.
        let (deadline, looked_at) = (moment(payment.field("deadline")), moment(payment.field("checkAt")));
        if deadline.zip(looked_at).is_none_or(|(deadline, looked_at)| looked_at - GRACE >= deadline) {
            seen.push(format!("at {at:?} money is taken for order {}, whose time is over", payment.id));
        }
    }
    seen
}
