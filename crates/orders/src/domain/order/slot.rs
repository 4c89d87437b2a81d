use common::id::UserId;
use serde::{Deserialize, Serialize};

use super::Order;

/// One of the places that a buyer has for orders that are not paid yet, counted from 0. Two orders never have the
/// same, because a unique index says so; an order that has ended or is paid has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Slot {
    state: Held,
    buyer_id: UserId,
    number: u8,
}

/// By what an index tells the orders that take a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Held {
    Held,
}

impl Order {
    /// The new order in this place; in none where buyers may have any number of orders.
    pub(crate) fn in_slot(self, number: Option<u8>) -> Self {
        let slot = number.map(|number| Slot { state: Held::Held, buyer_id: self.user_id, number });
        Self { slot, ..self }
    }

    /// The place it takes.
    pub(crate) fn slot(&self) -> Option<u8> {
        self.slot.map(|slot| slot.number)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn an_order_takes_its_place_until_it_is_paid_or_off() {
        let order = created().in_slot(Some(3));
        assert_eq!((order.slot(), created().slot()), (Some(3), None));
        let mut paid = order.clone();
        assert!(paid.complete(payment()).expect("fits").is_changed());
        let mut cancelled = order.clone();
        assert!(cancelled.cancel(start()).expect("may be").is_changed());
        let mut expired = order;
        assert!(expired.expire(due()).expect("is due").is_changed());
        assert_eq!([paid.slot(), cancelled.slot(), expired.slot()], [None; 3]);
    }
}
