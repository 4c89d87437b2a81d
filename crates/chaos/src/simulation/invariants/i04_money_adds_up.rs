use super::run::Run;

/// I4: in an idle system the money kept for an order, captured less refunded, is its price if it is
/// complete, and nothing if it is not; and no other money is kept. By Stripe's own books.
pub(super) fn check(run: &Run) -> Vec<String> {
    let mut seen = Vec::new();
    let mut due = 0;
    for order in run.orders() {
        let status = order.field("status").as_str().unwrap_or_default();
        let price = if status == "complete" { order.field("ticket.price").as_i64().unwrap_or_default() } else { 0 };
        let kept: i64 = run
            .ledger
            .with_metadata("order_id", &order.id)
            .map(|intent| intent.captured - intent.refunds.iter().map(|refund| refund.amount).sum::<i64>())
            .sum();
        if kept != price {
            seen.push(format!("order {} is {status}, and {kept} is kept for it instead of {price}", order.id));
        }
        due += price;
    }
    let kept = run.ledger.captured() - run.ledger.refunded();
    if kept != due {
        seen.push(format!("{kept} is kept in all, and the complete orders come to {due}"));
    }
    seen
}
