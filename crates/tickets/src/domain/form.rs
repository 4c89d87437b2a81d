use common::events::EventDetails;
use common::money::{Currency, Price};
use common::time::Timestamp;
use common::zone::TimeZone;

use super::delivery::SentDelivery;
use super::event::Event;
use super::price_cap::PriceCap;
use super::short_text::ShortText;

/// What a seller says about a ticket: all of it when listing one, the changes when editing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TicketForm {
    pub(crate) title: ShortText,
    pub(crate) price: Price,
    /// `None` keeps the present one; a new ticket begins with US dollars.
    pub(crate) currency: Option<Currency>,
    /// What the operator allows, and not the seller; any price if it is `None`.
    pub(crate) price_cap: Option<PriceCap>,
    pub(crate) details: DetailEdits,
    /// How it comes to its buyer. Removed, it is what is promised if nobody says anything.
    pub(crate) delivery: Edit<SentDelivery>,
}

/// What becomes of the optional details.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct DetailEdits {
    pub(crate) event: Edit<String>,
    pub(crate) venue: Edit<String>,
    pub(crate) starts_at: Edit<Timestamp>,
    pub(crate) section: Edit<String>,
    pub(crate) row: Edit<String>,
    pub(crate) seat: Edit<String>,
    pub(crate) time_zone: Edit<TimeZone>,
    /// The event, which then says its name, its venue and its beginning itself.
    pub(crate) of_event: Edit<Box<Event>>,
    pub(crate) tier: Edit<String>,
}

/// What becomes of one optional detail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Edit<T> {
    /// It was not mentioned: it stays as it is.
    #[default]
    Keep,
    /// It is removed.
    Clear,
    /// It is now this.
    Set(T),
}

impl<T> Edit<T> {
    /// Whether it has a value now.
    pub(crate) fn is_set(&self) -> bool {
        matches!(self, Self::Set(_))
    }

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
        let starts_at = self.starts_at.apply(present.starts_at);
        let details = EventDetails {
            event: self.event.apply(present.event.clone()),
            venue: self.venue.apply(present.venue.clone()),
            starts_at,
            section: self.section.apply(present.section.clone()),
            row: self.row.apply(present.row.clone()),
            seat: self.seat.apply(present.seat.clone()),
            // Nothing begins there at no time.
            time_zone: self.time_zone.apply(present.time_zone.clone()).filter(|_| starts_at.is_some()),
            event_id: None,
            tier: None,
            // What becomes of this depends on all else.
            delivery: present.delivery,
        };
        match self.of_event {
            Edit::Set(event) => {
                let before = present.tier.filter(|_| present.event_id == Some(event.id));
                event.admit(EventDetails { tier: self.tier.apply(before), ..details })
            }
            Edit::Keep if present.event_id.is_some() => {
                let EventDetails { section, row, seat, .. } = details;
                EventDetails { section, row, seat, tier: self.tier.apply(present.tier.clone()), ..present }
            }
            Edit::Keep | Edit::Clear => details,
        }
    }
}
