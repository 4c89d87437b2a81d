//! Orders in every state, for tests.

use std::time::Duration;

use common::edition::Edition;
use common::events::{CancelReason, EventDetails, RefundStatus};
use common::id::{IdGenerator, OrderId, PaymentId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::version::{Version, Versioned};

use super::{Cancellation, Order, Payment, Refund, State};
use crate::domain::Ticket;

pub(crate) const WINDOW: Duration = Duration::from_secs(900);

pub(crate) fn start() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

pub(crate) fn due() -> Timestamp {
    start() + WINDOW
}

pub(crate) fn price(minor: i64) -> Price {
    Price::from_minor_units(minor).expect("a price")
}

pub(crate) fn ticket() -> Versioned<Ticket> {
    let ids = IdGenerator::seeded(1);
    let ticket = Ticket {
        id: ids.next(start()),
        title: "Front row".into(),
        price: price(2050),
        currency: Currency::Eur,
        seller_id: ids.next(start()),
        edition: Edition(1),
        withdrawn: false,
        details: EventDetails { event: Some("Mañana".into()), ..EventDetails::default() },
    };
    Versioned { version: Version(3), value: ticket }
}

/// A new order.
pub(crate) fn created() -> Order {
    let ids = IdGenerator::seeded(2);
    let id: OrderId = ids.next(start());
    Order::reserve(id, &ticket(), ids.next(start()), start(), WINDOW).expect("somebody else's ticket")
}

pub(crate) fn awaiting_payment() -> Order {
    Order { state: State::AwaitingPayment, payment_attempt: 1, ..created() }
}

pub(crate) fn complete() -> Order {
    Order { state: State::Complete { payment: payment() }, ..created() }
}

pub(crate) fn cancelled() -> Order {
    let cancellation = Cancellation { reason: CancelReason::Expired, at: due(), failure: None, late_payment: None };
    Order { state: State::Cancelled { cancellation }, ..created() }
}

pub(crate) fn in_every_state() -> [Order; 4] {
    [created(), awaiting_payment(), complete(), cancelled()]
}

/// A payment of exactly the price.
pub(crate) fn payment() -> Payment {
    let id: PaymentId = IdGenerator::seeded(3).next(start());
    Payment { id, amount: price(2050), stripe_id: "pi_1".into() }
}

pub(crate) fn refund() -> Refund {
    Refund { amount: price(2050), stripe_refund_id: "re_1".into(), status: RefundStatus::Succeeded }
}
