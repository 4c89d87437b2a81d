use common::id::{OrderId, TicketId};
use common::order_status::OrderStatus;
use common::version::Version;
use ports::store::Collection;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// How far we have followed an order, which the orders service owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) id: OrderId,
    pub(crate) version: Version,
    pub(crate) ticket_id: TicketId,
    pub(crate) status: OrderStatus,
}

static COLLECTION: Collection = Collection { name: "orders", indexes: &[] };

impl Aggregate for Order {
    const COLLECTION: &'static Collection = &COLLECTION;

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
