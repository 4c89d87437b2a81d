use common::events::OrderCreated;
use common::id::{OrderId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use ports::store::Collection;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// Our copy of an order, as far as paying for it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// The order.
    pub id: OrderId,
    /// The order's version.
    pub version: Version,
    /// The buyer.
    pub user_id: UserId,
    /// What the buyer pays.
    #[serde(with = "common::money::minor_units")]
    pub price: Price,
    /// The price's currency.
    pub currency: Currency,
    /// When the reservation ends.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub status: OrderStatus,
}

/// Why an order cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPayable {
    /// It was called off.
    Cancelled,
    /// It is paid.
    Complete,
    /// Its time to pay is over.
    Expired,
}

impl Order {
    /// As it was placed.
    pub fn placed(event: &OrderCreated) -> Self {
        Self {
            id: event.id,
            version: event.version,
            user_id: event.user_id,
            price: event.ticket.price,
            currency: event.ticket.currency,
            expires_at: event.expires_at,
            status: event.status,
        }
    }

    /// As it is after a change of its status.
    #[must_use]
    pub fn with_status(self, status: OrderStatus) -> Self {
        Self { status, ..self }
    }

    /// Whether a payment may begin at `now`.
    ///
    /// # Errors
    /// Why not.
    pub fn check_payable(&self, now: Timestamp) -> Result<(), NotPayable> {
        match self.status {
            OrderStatus::Cancelled => Err(NotPayable::Cancelled),
            OrderStatus::Complete => Err(NotPayable::Complete),
            OrderStatus::Created | OrderStatus::AwaitingPayment if now >= self.expires_at => Err(NotPayable::Expired),
            OrderStatus::Created | OrderStatus::AwaitingPayment => Ok(()),
        }
    }
}

impl Aggregate for Order {
    const COLLECTION: &'static Collection = &Collection { name: "orders", indexes: &[] };

    fn id(&self) -> String {
        self.id.to_string()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}
