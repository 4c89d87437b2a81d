mod in_the_end;

use std::collections::BTreeMap;
use std::time::Duration;

use common::money::Price;
use serde_json::Value;

use super::i05_one_charge::{order_of, taken_back};
use super::run::{Exchange, Run};
use crate::simulation::history::{Committed, HistoryEvent};
use crate::simulation::party::Party;

/// The money of one intent, by Stripe's books, from some moment on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Money {
    captured: i64,
    refunded: i64,
    refunding: i64,
    has_failed_refund: bool,
    /// What the buyer's bank has.
    taken_back: i64,
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
            let orders = || orders_in(exchange.body);
            seen.extend(orders().filter_map(|order| told_with_order(&exchange, order, &accounts)));
            if rest.is_some_and(|rest| exchange.asked_at >= rest) {
                seen.extend(orders().flat_map(|order| in_the_end::told_with_order(run, order)));
            }
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
        of_order.insert(&intent.id, Money::of(intent));
        let sum = of_order.values().fold(Money::default(), |sum, money| sum.and(*money));
        accounts.entry(order).or_default().push((at, sum));
    }
    accounts
}

impl Money {
    fn of(intent: &Committed) -> Self {
        let refunds = intent.field("refunds").as_array().map_or(&[][..], Vec::as_slice);
        let sum = |status: &str| {
            let with_status = refunds.iter().filter(|refund| refund["status"] == status);
            with_status.filter_map(|refund| refund["amount"].as_i64()).sum()
        };
        Self {
            captured: intent.field("captured").as_i64().unwrap_or_default(),
            refunded: sum("succeeded"),
            refunding: sum("pending"),
            has_failed_refund: refunds.iter().any(|refund| refund["status"] == "failed"),
            taken_back: taken_back(intent.field("dispute")),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            captured: self.captured + other.captured,
            refunded: self.refunded + other.refunded,
            refunding: self.refunding + other.refunding,
            has_failed_refund: self.has_failed_refund || other.has_failed_refund,
            taken_back: self.taken_back + other.taken_back,
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
        // Stripe refunds nothing that the bank has.
        "refund_failed" => ever(|money| money.has_failed_refund || money.taken_back > 0),
        "disputed" => ever(|money| money.taken_back > 0),
        _ => true,
    }
}

/// What may be told in an idle system. (A refund that failed is called so only if it was ours.)
fn truth(account: &[(Duration, Money)]) -> &'static [&'static str] {
    match account.last().map(|(_, money)| *money).unwrap_or_default() {
        money if money.is_back() => &["refunded"],
        Money { taken_back: 1.., .. } => &["disputed"],
        money if money.refunding > 0 && money.refunded + money.refunding >= money.captured => &["refund_pending"],
        Money { has_failed_refund: true, .. } => &["refund_failed", "captured"],
        Money { captured: 1.., .. } => &["captured"],
        _ => &["not_charged"],
    }
}

fn orders_in(body: &Value) -> impl Iterator<Item = &Value> {
    let many = body.as_array().map_or(std::slice::from_ref(body), Vec::as_slice);
    many.iter().filter(|order| order["ticket"].is_object())
}

/// What an order says about its refund, if the books do not allow that: it may be of a part.
fn told_with_order(exchange: &Exchange, order: &Value, accounts: &BTreeMap<&str, Account>) -> Option<String> {
    let id = order["id"].as_str()?;
    let until = accounts.get(id).into_iter().flatten().filter(|(at, _)| *at <= exchange.answered_at);
    let amount = minor_units(&order["refund"]["amount"]);
    let is_so = |money: Money| match order["refund"]["state"].as_str() {
        Some("refunded") => money.refunded >= amount,
        Some("failed") => money.has_failed_refund,
        Some(_) => money.captured > 0,
        None => true,
    };
    let may_be_told = order["refund"].is_null() || until.map(|(_, money)| *money).any(is_so);
    (!may_be_told).then(|| format!("at {:?} order {id} says {}", exchange.answered_at, order["refund"]))
}

/// An amount on the wire in minor units; nothing if it is none.
fn minor_units(amount: &Value) -> i64 {
    Price::parse(amount).map_or(0, |price| price.minor_units().into())
}

#[cfg(test)]
mod tests;
