use std::time::Duration;

use server::services::ServiceName;

use super::run::{Run, moment};

/// How late an order may expire without faults.
const PUNCTUAL: Duration = Duration::from_secs(2);
/// How long earlier faults have an effect: until a retried delivery comes again, at most 30 s later.
const AFTERMATH: Duration = Duration::from_secs(32);

/// I7: no order expires before its deadline by the clock of orders, and none is published as due before its
/// deadline by the clock of expiration. Without faults every unpaid order ends within 2 s of its deadline;
/// one that was due during faults, soon after they stopped. None stays unpaid forever.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = published_too_early(run);
    let well_since = if run.plan.is_calm { Duration::ZERO } else { run.healed_at + AFTERMATH };
    for (at, order) in run.order_commits() {
        let is_expiry = order.text("cancellation.reason") == Some("expired")
            && order.events.iter().any(|event| event.kind == "orders.cancelled");
        let is_first = is_expiry && order.field("cancellation.latePayment").is_null();
        let Some(due) = moment(order.field("expiresAt")).filter(|_| is_first) else { continue };
        let latest_reading = run.clock(order.by).readings(order.read_at, at).1;
        if latest_reading < due {
            seen.push(format!("order {} expires at {latest_reading}, before its deadline {due}", order.id));
        }
        let latest = Run::true_time(due).max(well_since) + PUNCTUAL;
        if at > latest {
            seen.push(format!("order {} expires at {at:?}, not by {latest:?}", order.id));
        }
    }
    let open = run
        .orders()
        .filter(|order| ["created", "awaiting:payment"].iter().any(|status| order.field("status") == status));
    seen.extend(open.map(|order| format!("order {} is still open", order.id)));
    seen
}

fn published_too_early(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    for (at, schedule) in run.commits_to(ServiceName::Expiration, "schedules") {
        if schedule.events.is_empty() {
            continue;
        }
        let latest_reading = run.clock(schedule.by).readings(schedule.read_at, at).1;
        if moment(schedule.field("dueAt")).is_some_and(|due| latest_reading < due) {
            seen.push(format!("at {at:?} order {} is published as due before its deadline", schedule.id));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::testing::{committed, event, run, set, shown, written};
    use super::*;
    use crate::simulation::history::{Committed, Entry, HistoryEvent};

    const SECOND: Duration = Duration::from_secs(1);
    const HEALED: Entry = Entry { at: Duration::from_secs(9), what: HistoryEvent::Healed };

    /// An order is published as due, which is read at one time and written at another.
    fn published(due: Duration, read_at: Duration, at: Duration) -> Entry {
        let body = json!({"dueAt": shown(due), "state": "completed"});
        let commit = committed(ServiceName::Expiration, "schedules", "1", body);
        written(at, Committed { read_at, events: vec![event("expiration.completed", "1")], ..commit })
    }

    /// An order expires, which is read at one time and written at another.
    fn expired(due: Duration, read_at: Duration, at: Duration) -> Entry {
        let body = json!({"expiresAt": shown(due), "cancellation": {"reason": "expired"}});
        let commit = committed(ServiceName::Orders, "orders", "1", body);
        written(at, Committed { read_at, events: vec![event("orders.cancelled", "1")], ..commit })
    }

    #[test]
    fn a_decision_by_a_clock_that_is_set_right_before_the_commit_is_in_time() {
        let fast = |service| set(SECOND * 3, service, 1_766);
        let due = SECOND * 10 + Duration::from_millis(500);
        for at in [SECOND * 9, SECOND * 9 + Duration::from_millis(4)] {
            let of_expiration = vec![fast(ServiceName::Expiration), HEALED, published(due, SECOND * 9, at)];
            assert_eq!(check(&run(of_expiration)), [""; 0]);
            let of_orders = vec![fast(ServiceName::Orders), HEALED, expired(due, SECOND * 9, at)];
            assert_eq!(check(&run(of_orders)), [""; 0]);
        }
    }

    #[test]
    fn a_decision_that_no_reading_of_the_clock_allows_is_early() {
        let fast = |service| set(SECOND * 3, service, 1_766);
        let late = SECOND * 11;
        let of_another = vec![fast(ServiceName::Orders), HEALED, published(late, SECOND * 8, SECOND * 9)];
        assert_eq!(check(&run(of_another)).len(), 1);
        let read_afterwards = vec![fast(ServiceName::Orders), HEALED, expired(late, SECOND * 10, SECOND * 10)];
        assert_eq!(check(&run(read_afterwards)).len(), 1);
        let of_right_clock = vec![HEALED, expired(late, SECOND * 8, late - Duration::from_millis(1))];
        assert_eq!(check(&run(of_right_clock)).len(), 1);
    }
}
