use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::i05_one_charge::order_of;
use super::run::{Exchange, Run};
use crate::simulation::history::HistoryEvent;
use crate::simulation::party::Party;

/// The money of one intent, by Stripe's books, from some moment on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Money {
    captured: i64,
    refunded: i64,
    refunding: i64,
    has_failed_refund: bool,
}

/// The money of an order over time, oldest first.
type Account = Vec<(Duration, Money)>;

/// I15: nobody is told that they are not charged while money of theirs is kept, or that it has gone back, is on
/// its way or was taken before Stripe's books say so. In an idle system everybody is told what the books say.
pub(super) fn check(run: &Run) -> Vec<String> {
    let accounts = accounts(run);
    let rest = run.entries.iter().rfind(|entry| matches!(entry.what, HistoryEvent::Settled)).map(|entry| entry.at);
    let mut seen = Vec::new();
    for exchange in run.exchanges().filter(Exchange::succeeded) {
        let Some(order) = exchange.after("GET /api/payments/") else {
            seen.extend(orders_in(exchange.body).filter_map(|order| told_with_order(&exchange, order, &accounts)));
            continue;
        };
        let account = accounts.get(order).map_or(&[][..], Vec::as_slice);
        let status = exchange.body["status"].as_str().unwrap_or_default();
        if !may_be_told(status, account, &exchange) {
            let books = account.last();
            seen.push(format!("at {:?} order {order} is told {status}: {books:?}", exchange.answered_at));
        } else if rest.is_some_and(|rest| exchange.asked_at >= rest) && !truth(account).contains(&status) {
            seen.push(format!("in the end order {order} is told {status}, not {:?}", truth(account)));
        }
    }
    seen
}

/// What every order's money was, each time it changed.
fn accounts(run: &Run) -> BTreeMap<&str, Account> {
    let mut intents: BTreeMap<&str, BTreeMap<&str, Money>> = BTreeMap::new();
    let mut accounts: BTreeMap<&str, Account> = BTreeMap::new();
    for (at, intent) in run.commits_to(Party::Stripe, "stripe_intents") {
        let Some(order) = order_of(intent.field("metadata")) else { continue };
        let of_order = intents.entry(order).or_default();
        of_order.insert(&intent.id, Money::of(intent.field("captured"), intent.field("refunds")));
        let sum = of_order.values().fold(Money::default(), |sum, money| sum.and(*money));
        accounts.entry(order).or_default().push((at, sum));
    }
    accounts
}

impl Money {
    fn of(captured: &Value, refunds: &Value) -> Self {
        let refunds = refunds.as_array().map_or(&[][..], Vec::as_slice);
        let sum = |status: &str| {
            let with_status = refunds.iter().filter(|refund| refund["status"] == status);
            with_status.filter_map(|refund| refund["amount"].as_i64()).sum()
        };
        Self {
            captured: captured.as_i64().unwrap_or_default(),
            refunded: sum("succeeded"),
            refunding: sum("pending"),
            has_failed_refund: refunds.iter().any(|refund| refund["status"] == "failed"),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            captured: self.captured + other.captured,
            refunded: self.refunded + other.refunded,
            refunding: self.refunding + other.refunding,
            has_failed_refund: self.has_failed_refund || other.has_failed_refund,
        }
    }

    fn is_back(self) -> bool {
        self.captured > 0 && self.refunded >= self.captured
    }
}

/// Whether the books allow this to be told. What Stripe has said may be told until it says otherwise, and that
/// may take a while to arrive; but that nothing is taken must be so.
fn may_be_told(status: &str, account: &[(Duration, Money)], exchange: &Exchange) -> bool {
    let until = account.iter().filter(|(at, _)| *at <= exchange.answered_at).map(|(_, money)| *money);
    let ever = |is_so: fn(Money) -> bool| until.clone().any(is_so);
    match status {
        "not_charged" => {
            let after = account.iter().filter(|(at, _)| (exchange.asked_at..=exchange.answered_at).contains(at));
            let before = account.iter().rfind(|(at, _)| *at <= exchange.asked_at);
            before.is_none_or(|(_, money)| money.captured == money.refunded)
                || after.into_iter().any(|(_, money)| money.captured == money.refunded)
        }
        "captured" | "refund_pending" => ever(|money| money.captured > 0),
        "refunded" => ever(Money::is_back),
        "refund_failed" => ever(|money| money.has_failed_refund),
        _ => true,
    }
}

/// What may be told in an idle system. (A refund that failed is called so only if it was ours.)
fn truth(account: &[(Duration, Money)]) -> &'static [&'static str] {
    match account.last().map(|(_, money)| *money).unwrap_or_default() {
        money if money.is_back() => &["refunded"],
        Money { refunding: 1.., .. } => &["refund_pending"],
        Money { has_failed_refund: true, .. } => &["refund_failed", "captured"],
        Money { captured: 1.., .. } => &["captured"],
        _ => &["not_charged"],
    }
}

fn orders_in(body: &Value) -> impl Iterator<Item = &Value> {
    let many = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    many.iter().filter(|order| order["ticket"].is_object())
}

/// What an order says about its refund.
fn told_with_order(exchange: &Exchange, order: &Value, accounts: &BTreeMap<&str, Account>) -> Option<String> {
    let id = order["id"].as_str()?;
    let account = accounts.get(id).map_or(&[][..], Vec::as_slice);
    let status = match order["refund"]["state"].as_str()? {
        "refunded" => "refunded",
        "failed" => "refund_failed",
        _ => "refund_pending",
    };
    let at = exchange.answered_at;
    (!may_be_told(status, account, exchange)).then(|| format!("at {at:?} order {id} says {}", order["refund"]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use server::services::ServiceName;

    use super::super::testing::{answered, committed, run, written};
    use super::*;
    use crate::simulation::history::Entry;

    const SECOND: Duration = Duration::from_secs(1);

    fn books(second: u32, captured: i64, refunds: Value) -> Entry {
        let body = json!({"captured": captured, "refunds": refunds, "metadata": [["order_id", "o"]]});
        written(SECOND * second, committed(Party::Stripe, "stripe_intents", "pi", body))
    }

    fn told(second: u32, status: &str) -> [Entry; 2] {
        answered(SECOND * second, ServiceName::Payments, "GET /api/payments/o", json!({"status": status}))
    }

    fn found(story: impl IntoIterator<Item = Entry>) -> usize {
        check(&run(story.into_iter().collect())).len()
    }

    #[test]
    fn not_charged_is_told_only_while_nothing_is_kept() {
        let refunded = json!([{"amount": 10, "status": "succeeded"}]);
        assert_eq!(found(told(1, "not_charged")), 0);
        assert_eq!(found([books(1, 0, json!([]))].into_iter().chain(told(2, "not_charged"))), 0);
        assert_eq!(found([books(1, 10, refunded)].into_iter().chain(told(2, "not_charged"))), 0);
        assert_eq!(found([books(1, 10, json!([]))].into_iter().chain(told(2, "not_charged"))), 1);
    }

    #[test]
    fn refunded_is_told_only_once_the_refund_has_succeeded() {
        let refund = |status: &str| json!([{"amount": 10, "status": status}]);
        for (status, wrong) in [("pending", 1), ("failed", 1), ("succeeded", 0)] {
            assert_eq!(found([books(1, 10, refund(status))].into_iter().chain(told(2, "refunded"))), wrong, "{status}");
        }
        let failed_after_all = [books(1, 10, refund("succeeded")), books(2, 10, refund("failed"))];
        assert_eq!(found(failed_after_all.into_iter().chain(told(2, "refunded"))), 0, "it may not be known yet");
    }

    #[test]
    fn in_an_idle_system_the_books_are_told() {
        let idle = Entry { at: SECOND * 2, what: HistoryEvent::Settled };
        let story = |status| [books(1, 10, json!([])), idle.clone()].into_iter().chain(told(3, status));
        assert_eq!(found(story("captured")), 0);
        assert_eq!(found(story("processing")), 1);
    }
}
