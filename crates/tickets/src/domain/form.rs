use common::events::EventDetails;
use common::money::{Currency, Price};
use common::time::Timestamp;

use super::short_text::ShortText;

/// What a seller says about a ticket: all of it when listing one, the changes when editing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketForm {
    pub(crate) title: ShortText,
    pub(crate) price: Price,
    /// `None` keeps the present one; a new ticket begins with US dollars.
    pub(crate) currency: Option<Currency>,
    pub(crate) details: DetailEdits,
}

/// What becomes of the optional details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DetailEdits {
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
    /// It is removed.
    Clear,
    /// It is now this.
    Set(T),
}

impl<T> Edit<T> {
    /// From a field of a request: `None` if it was not sent, `Some(None)` if it was sent empty.
    pub(crate) fn from_sent(sent: Option<Option<T>>) -> Self {
        match sent {
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

impl DetailEdits {
    /// The details after these edits, given those before.
    pub(super) fn apply(self, present: EventDetails) -> EventDetails {
        EventDetails {
            event: self.event.apply(present.event),
            venue: self.venue.apply(present.venue),
            starts_at: self.starts_at.apply(present.starts_at),
            section: self.section.apply(present.section),
            row: self.row.apply(present.row),
            seat: self.seat.apply(present.seat),
        }
    }
}
