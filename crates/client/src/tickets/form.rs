//! What a seller says about a ticket.

use common::money::Price;
use common::version::Version;
use serde::Serialize;

/// The values to create or edit a ticket with, as typed by a person: the server validates them and reports
/// every broken rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketForm {
    /// The title.
    pub title: String,
    /// The price: a decimal number of major units.
    pub price: String,
    /// The currency's code. `None` leaves the present value, initially US dollars. The same holds for the
    /// fields below, where an empty text removes the present value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The name of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Where it takes place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// When it begins: in RFC 3339, or, with the time zone below, as a clock at the venue shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// The time zone of the venue, such as `Europe/Berlin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// The id of the event, if it is a known one: then its name, venue, start and currency are the event's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_id: Option<String>,
    /// Which of the event's tiers it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The section of the venue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// The row in the section.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// The seat in the row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seat: Option<String>,
    /// How it comes to its buyer. `None` leaves the promise as it is, or to the server where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<DeliveryForm>,
    /// The version that the seller has seen: an edit is refused if the ticket was changed since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}

/// How a ticket comes to its buyer, as chosen by its seller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum DeliveryForm {
    /// Its seller gives it to us before it is for sale.
    Sealed,
    /// Its seller gives it to us once it is sold.
    Later {
        /// Before which moment: in RFC 3339. `None` is a day before the event starts, which is the latest.
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<String>,
    },
    /// We issue it.
    Ours {
        /// The id of the seller's own order, if they sell what they have bought here.
        #[serde(skip_serializing_if = "Option::is_none")]
        bought_by: Option<String>,
    },
}

impl TicketForm {
    /// A title and a price, without details.
    pub fn new(title: impl Into<String>, price: Price) -> Self {
        Self { title: title.into(), price: price.to_string(), ..Self::default() }
    }
}
