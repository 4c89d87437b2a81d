//! I4, I5, I6: Stripe's ledger against the orders.

use common::order_status::OrderStatus;
use stripe_sim::LedgerIntent;

use super::books::Books;
use super::rows::Order;
use super::violation::Violation;

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let mut violations: Vec<_> = books.orders.values().flat_map(|order| of_order(books, order)).collect();
    let (kept, due) = (books.ledger.captured() - books.ledger.refunded(), books.orders.values().map(due).sum::<i64>());
    if kept != due {
        violations.push(Violation::new("I4", format!("{kept} was captured and kept, for complete orders of {due}")));
    }
    let is_known = |intent: &&LedgerIntent| {
        let order = intent.metadata.iter().find(|(key, _)| key == "order_id").and_then(|(_, id)| id.parse().ok());
        order.is_some_and(|id| books.orders.contains_key(&id))
    };
    let strangers = books.ledger.intents.iter().filter(|intent| !is_known(intent));
    violations.extend(strangers.map(|intent| Violation::new("I4", format!("for no order there is: {intent:?}"))));
    violations
}

fn of_order(books: &Books, order: &Order) -> Vec<Violation> {
    let id = order.id.to_string();
    let intents: Vec<_> = books.ledger.with_metadata("order_id", &id).collect();
    let kept: i64 = intents.iter().map(|intent| intent.captured - refunded(intent)).sum();
    let charges = intents.iter().filter(|intent| intent.captured > 0).count();
    let refunds = intents.iter().map(|intent| intent.refunds.len()).sum::<usize>();
    let recorded = order.refund.as_ref();
    let is_recorded = |intent: &&&LedgerIntent| {
        intent.refunds.iter().any(|refund| {
            recorded.is_some_and(|recorded| recorded.stripe_refund_id == refund.id && recorded.amount == refund.amount)
        })
    };
    let mut wrong = Vec::new();
    let mut check = |holds: bool, rule, what: &str| {
        if !holds {
            let what = format!("order {id} ({:?}, {}): {what}: {intents:?}", order.status, order.ticket.price);
            wrong.push(Violation::new(rule, what).about(order.id));
        }
    };
    check(charges <= 1, "I5", "charged more than once");
    check(intents.iter().all(|intent| refunded(intent) <= intent.captured), "I5", "more went back than was taken");
    check(order.status == OrderStatus::Complete || kept == 0, "I6", "money was kept for an order that is off");
    check(order.status != OrderStatus::Complete || kept == due(order), "I4", "complete, and not paid for");
    check(refunds <= 1, "I6", "refunded more than once");
    check(intents.iter().filter(is_recorded).count() == refunds, "I4", "the refund and its record differ");
    check(intents.iter().all(|intent| intent.status != "requires_capture"), "I6", "money is set aside forever");
    wrong
}

fn refunded(intent: &LedgerIntent) -> i64 {
    intent.refunds.iter().map(|refund| refund.amount).sum()
}

/// The amount that must have been paid for it.
fn due(order: &Order) -> i64 {
    if order.status == OrderStatus::Complete { order.ticket.price } else { 0 }
}
