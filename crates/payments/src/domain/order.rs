use common::id::{OrderId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::outcome::Outcome;
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Our copy of an order, as far as paying for it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    /// The order.
    pub(crate) id: OrderId,
    /// The buyer.
    pub(crate) user_id: UserId,
    /// What the buyer pays.
    #[serde(with = "common::money::minor_units")]
    pub(crate) price: Price,
    /// The price's currency.
    pub(crate) currency: Currency,
    /// When the reservation ends.
    pub(crate) expires_at: Timestamp,
    /// Its status.
    pub(crate) status: OrderStatus,
}

/// Why an order cannot be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPayable {
    /// It was cancelled.
    Cancelled,
    /// It is paid.
    Complete,
    /// Its time to pay is over.
    Expired,
}

impl Order {
    /// As it is after a change of its status.
    #[must_use]
    pub(crate) fn with_status(self, status: OrderStatus) -> Self {
        Self { status, ..self }
    }

    /// Whose it was is forgotten.
    pub(crate) fn forget_buyer(&mut self) -> Outcome<()> {
        if self.user_id == UserId::NOBODY {
            return Outcome::Unchanged;
        }
        self.user_id = UserId::NOBODY;
        Outcome::Changed(())
    }

    /// Whether a payment may begin at `now`.
    pub(crate) fn check_payable(&self, now: Timestamp) -> Result<(), NotPayable> {
        match self.status {
            OrderStatus::Cancelled => Err(NotPayable::Cancelled),
            OrderStatus::Complete => Err(NotPayable::Complete),
            OrderStatus::Created | OrderStatus::AwaitingPayment if now >= self.expires_at => Err(NotPayable::Expired),
            OrderStatus::Created | OrderStatus::AwaitingPayment => Ok(()),
        }
    }
}
