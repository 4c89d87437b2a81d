//! Orders in every state, for the tests of the transitions.

use std::time::Duration;

use common::events::CancelReason;
use common::id::{IdGenerator, OrderId, PaymentId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::Version;
use runtime::store::Change;
use serde_json::Value;

use super::{Cancellation, Order, Payment, Refund, State};
use crate::domain::Ticket;

pub(super) const WINDOW: Duration = Duration::from_secs(900);

pub(super) fn start() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

pub(super) fn due() -> Timestamp {
    start() + WINDOW
}

pub(super) fn price(minor: i64) -> Price {
    Price::from_minor_units(minor).expect("a price")
}

pub(super) fn ticket() -> Ticket {
    let ids = IdGenerator::seeded(1);
    Ticket {
        id: ids.next(start()),
        version: Version(3),
        title: "Front row".into(),
        price: price(2050),
        currency: Currency::Eur,
        seller_id: ids.next(start()),
    }
}

/// A new order.
pub(super) fn created() -> Order {
    let ids = IdGenerator::seeded(2);
    let id: OrderId = ids.next(start());
    Order::reserve(id, &ticket(), ids.next(start()), start(), WINDOW).expect("somebody else's ticket")
}

pub(super) fn awaiting_payment() -> Order {
    Order { state: State::AwaitingPayment, ..created() }
}

pub(super) fn complete() -> Order {
    Order { state: State::Complete { payment: payment() }, ..created() }
}

pub(super) fn cancelled() -> Order {
    let cancellation = Cancellation { reason: CancelReason::Expired, at: due(), failure: None, late_payment: None };
    Order { state: State::Cancelled { cancellation }, ..created() }
}

pub(super) fn in_every_state() -> [Order; 4] {
    [created(), awaiting_payment(), complete(), cancelled()]
}

/// A payment of exactly the price.
pub(super) fn payment() -> Payment {
    let id: PaymentId = IdGenerator::seeded(3).next(start());
    Payment { id, amount: price(2050), stripe_id: "pi_1".into() }
}

pub(super) fn refund() -> Refund {
    Refund { amount: price(2050), stripe_refund_id: "re_1".into() }
}

/// The types and payloads of the events of a change; `None` if it is none.
pub(super) fn told(change: Change) -> Option<Vec<(&'static str, Value)>> {
    match change {
        Change::Keep => None,
        Change::Commit(events) => {
            Some(events.iter().map(|event| (event.kind(), event.data().read().expect("reads"))).collect())
        }
    }
}
