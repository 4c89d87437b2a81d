use client::{Client, Currency, Event, EventId, Price, Ticket, TimeZone, Timestamp, Version};
use serde::Deserialize;
use serde_json::Value;

use crate::local_time;

/// The raw input of a ticket form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TypedTicket {
    pub(crate) title: String,
    pub(crate) price: String,
    pub(crate) currency: String,
    pub(crate) event: String,
    pub(crate) venue: String,
    /// As clocks at the venue show it.
    pub(crate) starts_at: String,
    /// Of the venue.
    pub(super) time_zone: String,
    /// The moment that the form showed so: which of two hours it is, a time of day does not say.
    pub(super) shown_start: String,
    /// The event, if it is a known one: the form says nothing of it then but its name.
    pub(crate) event_id: String,
    pub(crate) tier: String,
    pub(crate) section: String,
    pub(crate) row: String,
    pub(crate) seat: String,
    /// The version of the ticket that was shown in the form; empty in a form for a new one.
    pub(super) version: String,
    /// The key of a form for a new ticket: sent twice, it lists one.
    pub(super) key: String,
}

impl TypedTicket {
    /// An empty form.
    pub(crate) fn fresh() -> Self {
        Self::default().with_fresh_key()
    }

    /// An empty form of a ticket to this event.
    pub(crate) fn to(event: &Event) -> Self {
        Self { event_id: event.id.to_string(), event: event.name.clone(), ..Self::fresh() }
    }

    /// The event, as far as it can be had now: what the form needs it has without.
    pub(crate) async fn event_of(&self, api: &Client) -> Option<Event> {
        let id: EventId = self.event_id.parse().ok()?;
        api.event(&id.to_string()).await.ok()
    }

    /// The same in a form that has not been sent before.
    #[must_use]
    pub(crate) fn with_fresh_key(self) -> Self {
        let mut random = [0; 16];
        // Without random numbers the form works; sent twice it would list two tickets.
        let key = getrandom::fill(&mut random).map(|()| hex::encode(random)).unwrap_or_default();
        Self { key, ..self }
    }

    /// The key, if the form has one that the API takes.
    pub(crate) fn key(&self) -> Option<&str> {
        let is_key = (1..=255).contains(&self.key.len()) && self.key.bytes().all(|byte| byte.is_ascii_graphic());
        is_key.then_some(self.key.as_str())
    }

    /// The same, about this version of the ticket.
    #[must_use]
    pub(crate) fn of_version(self, version: Version) -> Self {
        Self { version: version.to_string(), ..self }
    }

    /// The price, if it is one.
    pub(crate) fn amount(&self) -> Option<Price> {
        Price::parse(&Value::from(with_decimal_point(&self.price))).ok()
    }

    /// The currency, if it is one.
    pub(crate) fn known_currency(&self) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == self.currency)
    }

    /// When the event begins, if that is a time.
    pub(crate) fn begins(&self) -> Option<Timestamp> {
        local_time::moment(&self.starts_at, self.zone().as_ref(), &self.shown_start)
    }

    /// The time zone of the venue, if it is one.
    pub(crate) fn zone(&self) -> Option<TimeZone> {
        TimeZone::parse(self.time_zone.trim()).ok()
    }

    /// What was typed, as it is sent again.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 15] {
        [
            ("title", &self.title),
            ("price", &self.price),
            ("currency", &self.currency),
            ("event", &self.event),
            ("venue", &self.venue),
            ("startsAt", &self.starts_at),
            ("timeZone", &self.time_zone),
            ("shownStart", &self.shown_start),
            ("eventId", &self.event_id),
            ("tier", &self.tier),
            ("section", &self.section),
            ("row", &self.row),
            ("seat", &self.seat),
            ("version", &self.version),
            ("key", &self.key),
        ]
    }
}

/// The input for editing an existing ticket.
impl From<&Ticket> for TypedTicket {
    fn from(ticket: &Ticket) -> Self {
        let (details, starts_at) = (ticket.details.clone(), local_time::shown(&ticket.details));
        Self {
            title: ticket.title.clone(),
            price: ticket.price.to_string(),
            currency: ticket.currency.code().to_owned(),
            event: details.event.unwrap_or_default(),
            venue: details.venue.unwrap_or_default(),
            starts_at,
            time_zone: details.time_zone.map(|zone| zone.to_string()).unwrap_or_default(),
            shown_start: details.starts_at.map(|moment| moment.to_string()).unwrap_or_default(),
            event_id: details.event_id.map(|id| id.to_string()).unwrap_or_default(),
            tier: details.tier.unwrap_or_default(),
            section: details.section.unwrap_or_default(),
            row: details.row.unwrap_or_default(),
            seat: details.seat.unwrap_or_default(),
            version: ticket.version.to_string(),
            key: String::new(),
        }
    }
}

/// The same for the API, which validates it. What a known event says is not said again.
impl From<&TypedTicket> for client::TicketForm {
    fn from(typed: &TypedTicket) -> Self {
        let of_event = !typed.event_id.is_empty();
        let unless_of_event = |text: &String| Some(text.clone()).filter(|_| !of_event);
        let starts_at = local_time::as_sent(&typed.starts_at, typed.zone().as_ref(), &typed.shown_start);
        Self {
            title: typed.title.clone(),
            price: with_decimal_point(&typed.price),
            currency: unless_of_event(&typed.currency).filter(|code| !code.is_empty()),
            event: unless_of_event(&typed.event),
            venue: unless_of_event(&typed.venue),
            starts_at: unless_of_event(&starts_at),
            time_zone: unless_of_event(&typed.time_zone),
            event_id: Some(typed.event_id.clone()).filter(|_| of_event),
            tier: Some(typed.tier.clone()).filter(|_| of_event),
            section: Some(typed.section.clone()),
            row: Some(typed.row.clone()),
            seat: Some(typed.seat.clone()),
            version: typed.version.parse().ok().map(Version),
        }
    }
}

/// A decimal comma (`19,99`) is accepted, since many people and keyboards use it.
fn with_decimal_point(typed: &str) -> String {
    if typed.contains('.') { typed.to_owned() } else { typed.replacen(',', ".", 1) }
}
