use common::events::EventDetails;
use common::money::{Currency, Price};
use common::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::line::Line;

/// What a seller says about a ticket: all of it when listing one, the changes when editing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketForm {
    pub(crate) title: Line,
    pub(crate) price: Price,
    /// `None` leaves it as it is, which is US dollars to begin with.
    pub(crate) currency: Option<Currency>,
    pub(crate) event: Edit<String>,
    pub(crate) venue: Edit<String>,
    pub(crate) starts_at: Edit<Timestamp>,
    pub(crate) section: Edit<String>,
    pub(crate) row: Edit<String>,
    pub(crate) seat: Edit<String>,
}

/// What becomes of one optional detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Edit<T> {
    /// It was not mentioned: it stays as it is.
    Keep,
    /// It is taken away.
    Clear,
    /// It is now this.
    Set(T),
}

impl<T> Edit<T> {
    /// `None` if it was not mentioned, `Some(None)` if it was mentioned as nothing.
    pub(crate) fn from_mention(mentioned: Option<Option<T>>) -> Self {
        match mentioned {
            None => Self::Keep,
            Some(None) => Self::Clear,
            Some(Some(value)) => Self::Set(value),
        }
    }

    fn apply(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Keep => present,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl TicketForm {
    /// The title, price, currency and details of a ticket after this, given those before.
    pub(super) fn apply(self, currency: Currency, present: EventDetails) -> (Line, Price, Currency, EventDetails) {
        let details = EventDetails {
            event: self.event.apply(present.event),
            venue: self.venue.apply(present.venue),
            starts_at: self.starts_at.apply(present.starts_at),
            section: self.section.apply(present.section),
            row: self.row.apply(present.row),
            seat: self.seat.apply(present.seat),
        };
        (self.title, self.price, self.currency.unwrap_or(currency), details)
    }
}

/// Something that was sent as a currency is none we know.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Currency must be one of usd, eur, gbp, cad, aud, chf, sek, nok, dkk, pln")]
pub(crate) struct InvalidCurrency;

/// Reads a currency; `null` is none.
pub(crate) fn parse_currency(value: &Value) -> Result<Option<Currency>, InvalidCurrency> {
    Option::<Currency>::deserialize(value).map_err(|_| InvalidCurrency)
}
