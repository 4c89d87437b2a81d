use common::events::TicketSnapshot;
use common::id::{TicketId, UserId};
use common::money::{Currency, Price};
use common::version::Version;
use ports::store::Collection;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

/// What orders knows of a ticket, from the tickets service's events.
///
/// It leaves out whether the ticket is locked: that news lags behind the orders made here, and
/// the unique index on the orders themselves is the authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ticket {
    pub(crate) id: TicketId,
    pub(crate) version: Version,
    pub(crate) title: String,
    #[serde(with = "common::money::minor_units")]
    pub(crate) price: Price,
    pub(crate) currency: Currency,
    pub(crate) seller_id: UserId,
}

impl From<&TicketSnapshot> for Ticket {
    fn from(ticket: &TicketSnapshot) -> Self {
        Self {
            id: ticket.id,
            version: ticket.version,
            title: ticket.title.clone(),
            price: ticket.price,
            currency: ticket.currency,
            seller_id: ticket.user_id,
        }
    }
}

impl Aggregate for Ticket {
    const COLLECTION: &'static Collection = &Collection { name: "tickets", indexes: &[] };

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
