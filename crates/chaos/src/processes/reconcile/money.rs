//! I4, I5, I6, I16: Stripe's ledger against the orders, and against what payments knows of the money.

use common::events::{DisputeStatus, RefundStatus};
use common::id::OrderId;
use common::order_status::OrderStatus;
use stripe_sim::{LedgerIntent, LedgerRefund};

use super::books::Books;
use super::rows::{Order, Payment};
use super::violation::Violation;

/// The statuses of an intent in which money is set aside, or may yet be.
const OPEN: [&str; 4] = ["requires_capture", "requires_action", "requires_confirmation", "processing"];

pub(super) fn violations(books: &Books) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut due = 0;
    for order in books.orders.values() {
        let account = Account::of(books, order);
        violations.extend(account.violations());
        due += account.owed();
    }
    let kept = books.ledger.kept();
    if kept != due {
        violations.push(Violation::new("I4", format!("{kept} was captured and kept, for complete orders of {due}")));
    }
    let is_known = |intent: &&LedgerIntent| order_of(intent).is_some_and(|order| books.orders.contains_key(&order));
    let strangers = books.ledger.intents.iter().filter(|intent| !is_known(intent));
    violations.extend(strangers.map(|intent| Violation::new("I4", format!("for no order there is: {intent:?}"))));
    violations
}

/// The order that an intent is for.
fn order_of(intent: &LedgerIntent) -> Option<OrderId> {
    intent.metadata.iter().find(|(key, _)| key == "order_id").and_then(|(_, id)| id.parse().ok())
}

/// The money of one order, by everybody's books.
struct Account<'a> {
    order: &'a Order,
    payment: Option<&'a Payment>,
    intents: Vec<&'a LedgerIntent>,
}

impl<'a> Account<'a> {
    fn of(books: &'a Books, order: &'a Order) -> Self {
        let intents = books.ledger.intents.iter().filter(|intent| order_of(intent) == Some(order.id)).collect();
        Self { order, payment: books.payments.get(&order.id), intents }
    }

    /// The amount that must be kept for it. What others gave back, or the buyer's bank took, is gone; what could not
    /// be given back is still here.
    fn owed(&self) -> i64 {
        if self.order.status != OrderStatus::Complete {
            return if self.refund_failed() { self.kept() } else { 0 };
        }
        let given_back = self.payment.map_or(0, Payment::given_back_by_others);
        let taken_back = self.payment.map_or(0, Payment::taken_back);
        self.order.ticket.price - given_back - taken_back
    }

    fn kept(&self) -> i64 {
        self.intents.iter().map(|intent| intent.kept()).sum()
    }

    /// Whether payments calls for help as the money could not be given back, and that is so.
    fn refund_failed(&self) -> bool {
        self.payment.is_some_and(|payment| payment.state.name == "refundFailed")
            && (self.refunds().any(|refund| !refund.is_alive())
                || self.intents.iter().any(|intent| intent.disputed > 0))
    }

    fn refunds(&self) -> impl Iterator<Item = &LedgerRefund> {
        self.intents.iter().flat_map(|intent| &intent.refunds)
    }

    /// Whether payments has it.
    fn is_listed(&self, refund: &LedgerRefund) -> bool {
        self.payment.is_some_and(|payment| payment.refunds.iter().any(|known| known.id == refund.id))
    }

    /// Whether the order shows it as it stands.
    fn is_shown(&self, refund: &LedgerRefund) -> bool {
        self.order.refund.as_ref().is_some_and(|shown| {
            shown.stripe_refund_id == refund.id
                && shown.amount == refund.amount
                && shown.status == status(refund.status)
        })
    }

    fn violations(&self) -> Vec<Violation> {
        let Self { order, intents, .. } = self;
        let kept = self.kept();
        let charges = intents.iter().filter(|intent| intent.captured > 0).count();
        let alive: Vec<_> = self.refunds().filter(|refund| refund.is_alive()).collect();
        let ours = alive.iter().filter(|refund| !refund.in_dashboard).count();
        let is_known =
            alive.iter().all(|refund| self.is_shown(refund) || (refund.in_dashboard && self.is_listed(refund)));
        let is_closed = intents.iter().all(|intent| !OPEN.contains(&intent.status.as_str()));
        let rules = [
            (charges <= 1, "I5", "charged more than once"),
            (intents.iter().all(|intent| intent.kept() >= 0), "I5", "more went back than was taken"),
            (kept == self.owed(), if order.status == OrderStatus::Complete { "I4" } else { "I6" }, "not what is owed"),
            (ours <= 1, "I6", "refunded more than once"),
            (is_known, "I4", "the refund and its record differ"),
            (is_closed, "I16", "money is set aside forever"),
        ];
        let broken = rules.into_iter().filter(|(holds, ..)| !holds);
        let violation = |(_, rule, what)| {
            let (id, status, price) = (order.id, order.status, order.ticket.price);
            let what = format!("order {id} ({status:?}, {price}): {what}, {kept} is kept: {intents:?}");
            Violation::new(rule, what).about(id)
        };
        broken.map(violation).collect()
    }
}

impl Payment {
    fn given_back_by_others(&self) -> i64 {
        let alive = self.refunds.iter().filter(|refund| refund.status != RefundStatus::Failed);
        alive.map(|refund| refund.amount).sum()
    }

    /// What the buyer's bank has.
    fn taken_back(&self) -> i64 {
        let dispute = self.dispute.as_ref().filter(|dispute| dispute.status != DisputeStatus::Won);
        dispute.map_or(0, |dispute| dispute.amount)
    }
}

/// Our word for how a refund stands.
fn status(at_stripe: stripe_sim::RefundStatus) -> RefundStatus {
    match at_stripe {
        stripe_sim::RefundStatus::Pending => RefundStatus::Pending,
        stripe_sim::RefundStatus::Succeeded => RefundStatus::Succeeded,
        stripe_sim::RefundStatus::Failed | stripe_sim::RefundStatus::Canceled => RefundStatus::Failed,
    }
}

#[cfg(test)]
mod tests;
