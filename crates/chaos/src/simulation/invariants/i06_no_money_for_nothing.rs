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

#[cfg(test)]
mod tests {
    use serde_json::json;
    use stripe_sim::{LedgerIntent, LedgerRefund, RefundStatus};

    use super::super::testing::{committed, intent, leave, run, shown, written};
    use super::*;
    use crate::simulation::history::Entry;

    const SECOND: Duration = Duration::from_secs(1);
    const DEADLINE: Duration = Duration::from_secs(10);

    /// Payments decides to take the money when its clock shows this, which is written at that time.
    fn captures(clock: Duration, at: Duration, is_cancelled: bool) -> Entry {
        let body = json!({
            "state": {"name": "capturing"}, "orderCancelled": is_cancelled,
            "deadline": shown(DEADLINE), "checkAt": shown(clock + GRACE),
        });
        written(at, committed(ServiceName::Payments, "payments", "o", body))
    }

    #[test]
    fn a_capture_is_judged_by_what_the_clock_of_payments_showed_when_it_was_decided() {
        let found = |clock, at| check(&run(vec![captures(clock, at, false)])).len();
        let just_before = DEADLINE - Duration::from_millis(1);
        assert_eq!([found(just_before, SECOND * 9), found(just_before, SECOND * 13)], [0, 0]);
        assert_eq!([found(DEADLINE, SECOND * 7), found(DEADLINE, SECOND * 13)], [1, 1]);
    }

    #[test]
    fn nothing_is_taken_for_an_order_that_is_known_to_be_cancelled() {
        let found = |entries: Vec<Entry>| check(&run(entries)).len();
        assert_eq!(found(vec![captures(SECOND, SECOND, true)]), 1);
        // What is under way may still be heard of.
        assert_eq!(found(vec![captures(SECOND, SECOND, false), captures(SECOND, SECOND * 2, true)]), 0);
    }

    #[test]
    fn a_cancelled_order_is_refunded_once_by_us_however_often_by_others() {
        use RefundStatus::{Failed, Pending, Succeeded};
        for (refunds, wrong) in [
            (&[(Succeeded, false)][..], 0),
            (&[(Failed, false), (Pending, false)], 0),
            (&[(Succeeded, true), (Succeeded, true), (Succeeded, false)], 0),
            (&[(Succeeded, false), (Pending, false)], 1),
        ] {
            let refunds = refunds.iter().map(|(status, in_dashboard)| LedgerRefund {
                id: "re".into(),
                amount: 3,
                status: *status,
                in_dashboard: *in_dashboard,
            });
            let metadata = vec![("order_id".into(), "o".into())];
            let mut run = run(Vec::new());
            run.ledger.intents = vec![LedgerIntent { refunds: refunds.collect(), metadata, ..intent("succeeded", 9) }];
            leave(&mut run, ServiceName::Orders, "orders", "o", json!({"status": "cancelled"}));
            assert_eq!(check(&run).len(), wrong);
        }
    }
}
