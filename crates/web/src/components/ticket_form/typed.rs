use client::{
    Client, Currency, DeliveryForm, DeliveryPromise, Event, EventDetails, EventId, Order, OrderStatus, Price, Ticket,
    TimeZone, Timestamp, Version,
};
use common::money::InvalidPrice;
use formats::{Formats, UnreadPrice};
use serde::Deserialize;

use crate::forms::FormErrors;
use crate::local_time;
use crate::visitor::Visitor;

/// What addresses call the name of the event as it is typed.
const EVENT_NAME: &str = "eventName";

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
    /// The moment that the form showed so: which of two hours it is, a time of day does not say. Of a known event, when
    /// it was to begin as it was reviewed.
    pub(super) shown_start: String,
    /// The event, if it is a known one: the form says nothing of it then but its name.
    pub(crate) event_id: String,
    /// What all tickets to that event are sold in.
    pub(super) event_currency: String,
    /// Where that event is.
    pub(super) event_zone: String,
    /// How the ticket comes to its buyer: `sealed`, `later` or `ours`.
    pub(crate) delivery: String,
    /// By when it does, if it is later: as clocks at the venue show it. Nothing is as late as may be.
    pub(crate) until: String,
    /// The seller's own order, if they sell on what they have bought here.
    pub(crate) bought_by: String,
    /// What the form showed of mode and moment when it was made.
    pub(super) shown_delivery: String,
    pub(super) shown_until: String,
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
    /// A fresh form, with what was typed before, the name of the event apart: addresses call that otherwise.
    #[must_use]
    pub(crate) fn afresh(self, event: String) -> Self {
        let none = String::new;
        let of_event = Self { event_id: none(), event_currency: none(), event_zone: none(), ..self };
        let shown =
            Self { shown_start: none(), shown_delivery: none(), shown_until: none(), bought_by: none(), ..of_event };
        Self { event, version: none(), ..shown }.with_fresh_key()
    }

    /// A fresh form for selling on what was bought by this order, and the event that it is to: if it was issued here.
    pub(crate) fn selling_on(order: &Order) -> Option<(Self, EventId)> {
        let details = &order.ticket.details;
        let is_ours = matches!(details.delivery, Some(DeliveryPromise::Ours { .. }));
        let event = details.event_id.filter(|_| is_ours && order.status == OrderStatus::Complete)?;
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let typed = Self {
            title: order.ticket.title.clone(),
            delivery: "ours".to_owned(),
            bought_by: order.id.to_string(),
            tier: said(&details.tier),
            section: said(&details.section),
            row: said(&details.row),
            seat: said(&details.seat),
            ..Self::default()
        };
        Some((typed.with_fresh_key(), event))
    }

    /// Whether its seller sells on what they have bought here.
    pub(crate) fn is_sold_on(&self) -> bool {
        self.delivery == "ours" && !self.bought_by.is_empty()
    }

    /// The same, of a ticket to this event.
    #[must_use]
    pub(crate) fn to(self, event: &Event) -> Self {
        let (event_currency, event_zone) = (event.currency.code().to_owned(), event.time_zone.to_string());
        Self { event_id: event.id.to_string(), event: event.name.clone(), event_currency, event_zone, ..self }
    }

    /// The event, as far as it can be had now: what the form needs it has without.
    pub(crate) async fn event_of(&self, api: &Client) -> Option<Event> {
        let id: EventId = self.event_id.parse().ok()?;
        api.event(&id.to_string()).await.ok()
    }

    /// The same, as it was reviewed.
    #[must_use]
    pub(crate) fn reviewed(self, begins: Option<Timestamp>) -> Self {
        match begins {
            Some(begins) if !self.event_id.is_empty() => Self { shown_start: begins.to_string(), ..self },
            Some(_) | None => self,
        }
    }

    /// Whether it is to a known event that has been moved since it was reviewed, as far as that can be had now.
    pub(crate) async fn has_moved(&self, api: &Client) -> bool {
        let Ok(begins) = Timestamp::parse(&self.shown_start) else { return false };
        self.event_of(api).await.is_some_and(|event| event.starts_at != begins)
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

    /// The price, as somebody who reads in this language means it.
    ///
    /// # Errors
    /// If it is none, or in another currency than the one that is chosen, or that the event has.
    pub(crate) fn amount(&self, formats: &Formats) -> Result<Price, UnreadPrice> {
        if self.price.trim().is_empty() {
            return Err(InvalidPrice::NotPositive.into());
        }
        formats.read_price(&self.price, self.known_currency())
    }

    /// The currency, if it is one.
    pub(crate) fn known_currency(&self) -> Option<Currency> {
        let code = if self.event_id.is_empty() { &self.currency } else { &self.event_currency };
        Currency::ALL.into_iter().find(|currency| currency.code() == code)
    }

    /// When the event begins, if that is a time.
    pub(crate) fn begins(&self) -> Option<Timestamp> {
        local_time::moment(&self.starts_at, self.zone().as_ref(), &self.shown_start)
    }

    /// The time zone of the venue, if it is one.
    pub(crate) fn zone(&self) -> Option<TimeZone> {
        TimeZone::parse(self.time_zone.trim()).ok()
    }

    /// By when it is handed in, if that is a time.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        let zone = if self.event_id.is_empty() { self.zone() } else { TimeZone::parse(&self.event_zone).ok() };
        local_time::moment(&self.until, zone.as_ref(), &self.shown_until)
    }

    /// How the ticket comes to its buyer, if the seller says something else than before: what was promised without their
    /// words follows the event.
    pub(crate) fn delivery_for_api(&self) -> Option<DeliveryForm> {
        let is_as_shown = self.delivery == self.shown_delivery;
        match (self.delivery.as_str(), self.until.trim()) {
            ("sealed", _) if !is_as_shown => Some(DeliveryForm::Sealed),
            ("ours", _) if !is_as_shown => {
                let bought_by = Some(self.bought_by.clone()).filter(|order| !order.is_empty());
                Some(DeliveryForm::Ours { bought_by })
            }
            ("later", "") if self.shown_delivery.is_empty() => None,
            ("later", "") => Some(DeliveryForm::Later { until: None }),
            ("later", typed) => {
                let until = self.due().map_or_else(|| typed.to_owned(), |due| due.to_string());
                let is_kept = is_as_shown && until == self.shown_until;
                (!is_kept).then_some(DeliveryForm::Later { until: Some(until) })
            }
            _ => None,
        }
    }

    /// The same for the API, which validates it. It takes no price but a plain number: where we cannot read one it
    /// gets none, and refuses that with all else that is wrong. What is no price for us is none for the API.
    ///
    /// What a known event says is not said again.
    pub(crate) fn for_api(&self, formats: &Formats) -> client::TicketForm {
        let of_event = !self.event_id.is_empty();
        let unless_of_event = |text: &String| Some(text.clone()).filter(|_| !of_event);
        let starts_at = local_time::as_sent(&self.starts_at, self.zone().as_ref(), &self.shown_start);
        client::TicketForm {
            title: self.title.clone(),
            price: match self.amount(formats) {
                Ok(price) => price.to_string(),
                Err(UnreadPrice::Invalid(_)) => self.price.clone(),
                Err(_) => String::new(),
            },
            currency: unless_of_event(&self.currency).filter(|code| !code.is_empty()),
            event: unless_of_event(&self.event),
            venue: unless_of_event(&self.venue),
            starts_at: unless_of_event(&starts_at),
            time_zone: unless_of_event(&self.time_zone),
            event_id: Some(self.event_id.clone()).filter(|_| of_event),
            tier: Some(self.tier.clone()).filter(|_| of_event),
            section: Some(self.section.clone()),
            row: Some(self.row.clone()),
            seat: Some(self.seat.clone()),
            delivery: self.delivery_for_api(),
            version: self.version.parse().ok().map(Version),
        }
    }

    /// What is wrong with a promise that leaves something out, in words that do not take it for said.
    fn explained_later(&self, errors: FormErrors, visitor: &Visitor) -> FormErrors {
        let rules = &visitor.text.sell.rules;
        let has_start = !self.event_id.is_empty() || !self.starts_at.trim().is_empty();
        let errors = if has_start { errors } else { errors.reworded("startsAt", rules.later_without_start) };
        if self.until.trim().is_empty() { errors.reworded("until", rules.later_too_soon) } else { errors }
    }

    /// The errors of the API, with what is wrong with the price as it was typed, and beside the event what the event says
    /// itself.
    pub(crate) fn explained(&self, errors: FormErrors, visitor: &Visitor) -> FormErrors {
        let (text, formats) = (&visitor.text.sell, &visitor.formats);
        let errors = errors.labelled("tier", "Tier", text.form.tier);
        let errors = if self.delivery == "ours" {
            // What is sold on is where it was bought: nothing of that is typed.
            let unseen = ["delivery", "tier", "section", "row", "seat"];
            let unseen = unseen.into_iter().filter(|name| *name == "delivery" || self.is_sold_on());
            unseen.fold(errors, |errors, name| errors.moved(name, "eventId"))
        } else {
            errors.moved("delivery", "until")
        };
        let is_unread = !self.until.trim().is_empty() && self.due().is_none();
        let errors = if is_unread { errors.reworded("until", text.rules.until) } else { errors };
        let errors = if self.delivery == "later" { self.explained_later(errors, visitor) } else { errors };
        let errors = match local_time::skipped(&self.starts_at, self.zone().as_ref()) {
            Some(time) => errors.reworded("startsAt", &(text.rules.skipped)(&formats.day_and_time_there(&time))),
            None if self.event_id.is_empty() => errors.labelled("startsAt", "Start", text.form.starts_at),
            None => errors.moved("startsAt", "eventId"),
        };
        match self.amount(formats) {
            Ok(_) => errors,
            Err(unread) => errors.reworded("price", &unread.to_string()),
        }
    }

    /// What was typed, as it goes along in an address while the seller looks for the event: `event` is the id of one
    /// there. What is too long for the API would be too long for an address, too.
    pub(crate) fn carried(&self) -> Vec<(&'static str, &str)> {
        let is_typed = |name: &str| match name {
            "event" => self.event_id.is_empty(),
            // The usual one need not be said, and another event has another time.
            "delivery" => self.delivery == "sealed",
            "until" | "boughtBy" | "shownDelivery" | "shownUntil" => false,
            "shownStart" | "eventId" | "eventCurrency" | "eventZone" | "version" | "key" => false,
            _ => true,
        };
        let typed = self.fields().into_iter().filter(|(name, text)| is_typed(name) && !text.trim().is_empty());
        let short = typed.filter(|(_, text)| text.chars().count() <= super::LONGEST);
        short.map(|(name, text)| (if name == "event" { EVENT_NAME } else { name }, text)).collect()
    }

    /// What was typed, as it is sent again.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 22] {
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
            ("eventCurrency", &self.event_currency),
            ("eventZone", &self.event_zone),
            ("delivery", &self.delivery),
            ("until", &self.until),
            ("boughtBy", &self.bought_by),
            ("shownDelivery", &self.shown_delivery),
            ("shownUntil", &self.shown_until),
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
        let (mode, due) = promised(details.delivery.as_ref());
        let bought_by = match details.delivery {
            Some(DeliveryPromise::Ours { bought_by, .. }) => bought_by,
            Some(_) | None => None,
        };
        let shown_due =
            EventDetails { starts_at: due, time_zone: details.time_zone.clone(), ..EventDetails::default() };
        let zone = details.time_zone.as_ref().map(ToString::to_string).unwrap_or_default();
        Self {
            title: ticket.title.clone(),
            price: ticket.price.to_string(),
            currency: ticket.currency.code().to_owned(),
            event: details.event.unwrap_or_default(),
            venue: details.venue.unwrap_or_default(),
            starts_at,
            time_zone: details.time_zone.map(|zone| zone.to_string()).unwrap_or_default(),
            shown_start: details.starts_at.map(|moment| moment.to_string()).unwrap_or_default(),
            event_currency: details.event_id.map(|_| ticket.currency.code().to_owned()).unwrap_or_default(),
            event_id: details.event_id.map(|id| id.to_string()).unwrap_or_default(),
            tier: details.tier.unwrap_or_default(),
            section: details.section.unwrap_or_default(),
            row: details.row.unwrap_or_default(),
            seat: details.seat.unwrap_or_default(),
            event_zone: details.event_id.map(|_| zone).unwrap_or_default(),
            delivery: mode.to_owned(),
            until: local_time::shown(&shown_due),
            bought_by: bought_by.map(|order| order.to_string()).unwrap_or_default(),
            shown_delivery: mode.to_owned(),
            shown_until: due.map(|moment| moment.to_string()).unwrap_or_default(),
            version: ticket.version.to_string(),
            key: String::new(),
        }
    }
}

/// What a promise is called, and by when it is to be kept.
fn promised(promise: Option<&DeliveryPromise>) -> (&'static str, Option<Timestamp>) {
    match promise {
        Some(DeliveryPromise::Sealed { .. }) => ("sealed", None),
        Some(DeliveryPromise::Later { until }) => ("later", Some(*until)),
        Some(DeliveryPromise::Ours { .. }) => ("ours", None),
        Some(DeliveryPromise::Other) | None => ("", None),
    }
}
