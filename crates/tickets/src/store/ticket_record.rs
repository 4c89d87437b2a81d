use common::events::EventDetails;
use common::id::{TicketId, UserId};
use common::money::{Currency, Price, minor_units};
use common::time::Timestamp;
use ports::store::{Collection, Index};
use runtime::store::Stored;
use serde::{Deserialize, Serialize};

use crate::domain::{ShortText, Ticket, TicketLock, search_text};

/// A ticket as it is stored: the ticket itself, and what it is found and sorted by.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TicketRecord {
    id: TicketId,
    title: ShortText,
    #[serde(with = "minor_units")]
    price: Price,
    currency: Currency,
    user_id: UserId,
    lock: TicketLock,
    details: EventDetails,
    listed_at: Timestamp,
    #[serde(skip_deserializing)]
    found_by: FoundBy,
}

/// Derived from the rest whenever a ticket is stored.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundBy {
    /// Title, event, venue and section in one text.
    text: String,
    event: Option<String>,
    venue: Option<String>,
    /// When the event begins. Tickets without a date come last: the field to sort by must be
    /// present in every record.
    starts_at: Option<Timestamp>,
}

/// The fields of the record that tickets are found and sorted by.
pub(crate) mod fields {
    /// One of [`states`](super::states).
    pub(crate) const STATE: &str = "lock.state";
    /// The seller.
    pub(crate) const SELLER: &str = "userId";
    /// When it was listed.
    pub(crate) const LISTED_AT: &str = "listedAt";
    /// The price in minor units.
    pub(crate) const PRICE: &str = "price";
    /// The currency's code.
    pub(crate) const CURRENCY: &str = "currency";
    /// When the event begins; [`UNDATED`](super::UNDATED) where that is not known.
    pub(crate) const STARTS_AT: &str = "foundBy.startsAt";
    /// Everything that is searched, as `search_text` makes it.
    pub(crate) const TEXT: &str = "foundBy.text";
    /// The event's name, as `search_text` makes it.
    pub(crate) const EVENT: &str = "foundBy.event";
    /// The venue's name, as `search_text` makes it.
    pub(crate) const VENUE: &str = "foundBy.venue";
}

/// The values of [`fields::STATE`] that queries look for.
pub(crate) mod states {
    /// For sale.
    pub(crate) const FREE: &str = "free";
    /// An order holds it.
    pub(crate) const LOCKED: &str = "locked";
}

/// Stands for "no date is known" where tickets are sorted by date.
pub(crate) const UNDATED: Timestamp = Timestamp::MAX;

const FREE: &[&str] = &[states::FREE];
const LOCKED: &[&str] = &[states::LOCKED];

static COLLECTION: Collection = Collection {
    name: "tickets",
    indexes: &[
        Index::among(fields::STATE, FREE, "newest", &[fields::LISTED_AT]),
        Index::among(fields::STATE, FREE, "by_price", &[fields::PRICE]),
        Index::among(fields::STATE, FREE, "by_date", &[fields::STARTS_AT]),
        Index::among(fields::STATE, FREE, "of_event", &[fields::EVENT]),
        Index::among(fields::STATE, FREE, "at_venue", &[fields::VENUE]),
        Index::among(fields::STATE, LOCKED, "locked", &[fields::STATE]),
        Index { name: "of_seller", fields: &[fields::SELLER, fields::LISTED_AT], unique: false, only: None },
    ],
};

impl Stored for Ticket {
    const COLLECTION: &'static Collection = &COLLECTION;

    type Record = TicketRecord;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl From<Ticket> for TicketRecord {
    fn from(ticket: Ticket) -> Self {
        let Ticket { id, title, price, currency, seller, lock, details, listed_at } = ticket;
        let found_by = FoundBy::of(&title, &details);
        Self { id, title, price, currency, user_id: seller, lock, details, listed_at, found_by }
    }
}

impl From<TicketRecord> for Ticket {
    fn from(record: TicketRecord) -> Self {
        let TicketRecord { id, title, price, currency, user_id, lock, details, listed_at, found_by: _ } = record;
        Self { id, title, price, currency, seller: user_id, lock, details, listed_at }
    }
}

impl FoundBy {
    fn of(title: &ShortText, details: &EventDetails) -> Self {
        let EventDetails { event, venue, starts_at, section, row: _, seat: _ } = details;
        let searched = [Some(title.as_str()), event.as_deref(), venue.as_deref(), section.as_deref()];
        Self {
            text: searched.into_iter().flatten().map(search_text).collect::<Vec<_>>().join("\n"),
            event: event.as_deref().map(search_text),
            venue: venue.as_deref().map(search_text),
            starts_at: Some(starts_at.unwrap_or(UNDATED)),
        }
    }
}

#[cfg(test)]
mod tests;
