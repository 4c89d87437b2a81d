//! How orders and the replica of the tickets are kept.

mod publish;

use common::events::TicketSnapshot;
use ports::store::{Collection, Index, Only};
use runtime::store::Stored;

use crate::domain::{CancelledEvent, ClosedEdition, Order, Ticket};

/// The names that indexes and queries use for what a record holds.
pub(crate) mod fields {
    /// Whether it takes one of its buyer's slots: [`SLOT_HELD`](super::SLOT_HELD).
    pub(crate) const SLOT_STATE: &str = "slot.state";
    pub(crate) const SLOT_BUYER: &str = "slot.buyerId";
    pub(super) const SLOT_NUMBER: &str = "slot.number";
    pub(crate) const CREATED_AT: &str = "createdAt";
    pub(crate) const STATUS: &str = "status";
    pub(crate) const TICKET_ID: &str = "ticket.id";
    pub(crate) const TICKET_EDITION: &str = "ticket.edition";
    pub(crate) const USER_ID: &str = "userId";
}

/// The value of [`fields::SLOT_STATE`] of an order that takes a slot.
pub(crate) const SLOT_HELD: &str = "held";
/// The field of a ticket with its seller.
pub(crate) const TICKET_SELLER: &str = "sellerId";
/// The unique index of the slots that a buyer's orders take.
pub(crate) const ONE_ORDER_PER_SLOT: &str = "one_order_per_slot";

impl Stored for Order {
    const COLLECTION: &'static Collection = &Collection {
        name: "orders",
        indexes: &[
            // Invariant I1: this index decides every race for a ticket. Its statuses are
            // `OrderStatus::ACTIVE`; a test compares them.
            Index {
                name: "one_active_order_per_ticket",
                fields: &[fields::TICKET_ID],
                unique: true,
                only: Some(Only { field: fields::STATUS, values: &["created", "awaiting:payment", "complete"] }),
            },
            // Invariant I13: an order of an edition and the closing of that edition exclude each other.
            Index {
                name: "one_claim_per_edition",
                fields: &[fields::TICKET_ID, fields::TICKET_EDITION],
                unique: true,
                only: Some(Only {
                    field: fields::STATUS,
                    values: &["created", "awaiting:payment", "complete", "closed"],
                }),
            },
            // How many orders a buyer has at once, this index decides.
            Index {
                name: ONE_ORDER_PER_SLOT,
                fields: &[fields::SLOT_BUYER, fields::SLOT_NUMBER],
                unique: true,
                only: Some(Only { field: fields::SLOT_STATE, values: &[SLOT_HELD] }),
            },
            Index::among(
                fields::STATUS,
                &["cancelled"],
                "ended_of_buyer",
                &[fields::USER_ID, fields::TICKET_ID, fields::CREATED_AT],
            ),
            Index { name: "by_buyer", fields: &[fields::USER_ID, fields::CREATED_AT], unique: false, only: None },
        ],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

/// Among the orders, so that their unique index covers both.
impl Stored for ClosedEdition {
    const COLLECTION: &'static Collection = Order::COLLECTION;

    type Record = Self;

    fn id(&self) -> String {
        self.id.clone()
    }
}

impl Stored for Ticket {
    const COLLECTION: &'static Collection = &Collection {
        name: "tickets",
        indexes: &[Index { name: "by_seller", fields: &[TICKET_SELLER], unique: false, only: None }],
    };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl Stored for CancelledEvent {
    const COLLECTION: &'static Collection = &Collection { name: "cancelled_events", indexes: &[] };

    type Record = Self;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl From<&TicketSnapshot> for Ticket {
    fn from(ticket: &TicketSnapshot) -> Self {
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            price: ticket.price,
            currency: ticket.currency,
            seller_id: ticket.user_id,
            edition: ticket.edition,
            withdrawn: ticket.withdrawn,
            details: ticket.details.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use common::edition::Edition;
    use common::order_status::OrderStatus;
    use serde_json::Value;

    use super::*;
    use crate::domain::testing::*;

    #[test]
    fn the_unique_index_covers_exactly_the_statuses_that_hold_a_ticket() {
        let only = Order::COLLECTION.indexes[0].only.as_ref().expect("partial");
        assert_eq!(only.values, OrderStatus::ACTIVE.map(OrderStatus::as_str));
        let [.., closed] = Order::COLLECTION.indexes[1].only.as_ref().expect("partial").values else {
            panic!("it has no values")
        };
        let now = start();
        let closing = serde_json::to_value(ClosedEdition::new(ticket().id, Edition::FIRST, now)).expect("serialises");
        assert_eq!(closing[fields::STATUS], *closed);
    }

    #[test]
    fn a_record_has_the_fields_that_indexes_and_queries_go_by() {
        let record = serde_json::to_value(created().in_slot(Some(0))).expect("serialises");
        assert_eq!((&record["slot"]["state"], &record["slot"]["number"]), (&SLOT_HELD.into(), &0.into()));
        let fields = [fields::CREATED_AT, fields::STATUS, fields::TICKET_ID, fields::USER_ID];
        for field in fields.into_iter().chain([fields::SLOT_STATE, fields::SLOT_BUYER]) {
            let pointer = format!("/{}", field.replace('.', "/"));
            assert!(record.pointer(&pointer).is_some_and(Value::is_string), "{field}");
        }
    }

    #[test]
    fn a_record_reads_back_as_the_same_order_in_every_state() {
        for order in in_every_state() {
            let record = serde_json::to_value(&order).expect("serialises");
            assert_eq!(record[fields::STATUS], order.status().as_str());
            assert_eq!(record["ticket"]["price"], 2050, "minor units");
            assert_eq!(serde_json::from_value::<Order>(record).expect("reads back"), order);
        }
    }
}
