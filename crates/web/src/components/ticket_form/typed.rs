use client::{Currency, Price, Ticket, Timestamp, Version};
use common::money::InvalidPrice;
use formats::{Formats, UnreadPrice};
use serde::Deserialize;

use crate::forms::FormErrors;
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
    /// Without a time zone.
    pub(crate) starts_at: String,
    /// The offset from UTC in minutes at that time, filled in by a script.
    pub(super) utc_offset: String,
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
    /// If it is none, or in another currency than the one that is chosen.
    pub(crate) fn amount(&self, formats: &Formats) -> Result<Price, UnreadPrice> {
        if self.price.trim().is_empty() {
            return Err(InvalidPrice::NotPositive.into());
        }
        formats.read_price(&self.price, self.known_currency())
    }

    /// The currency, if it is one.
    pub(crate) fn known_currency(&self) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == self.currency)
    }

    /// When the event begins, if that is a time.
    pub(crate) fn begins(&self) -> Option<Timestamp> {
        Timestamp::parse(&local_time::to_rfc3339(&self.starts_at, &self.utc_offset)).ok()
    }

    /// The same for the API, which validates it. It takes no price but a plain number: where we cannot read one it
    /// gets none, and refuses that with all else that is wrong. What is no price for us is none for the API.
    pub(crate) fn for_api(&self, formats: &Formats) -> client::TicketForm {
        client::TicketForm {
            title: self.title.clone(),
            price: match self.amount(formats) {
                Ok(price) => price.to_string(),
                Err(UnreadPrice::Invalid(_)) => self.price.clone(),
                Err(_) => String::new(),
            },
            currency: Some(self.currency.clone()).filter(|code| !code.is_empty()),
            event: Some(self.event.clone()),
            venue: Some(self.venue.clone()),
            starts_at: Some(local_time::to_rfc3339(&self.starts_at, &self.utc_offset)),
            section: Some(self.section.clone()),
            row: Some(self.row.clone()),
            seat: Some(self.seat.clone()),
            version: self.version.parse().ok().map(Version),
        }
    }

    /// The errors of the API, with what is wrong with the price as it was typed.
    pub(crate) fn explained(&self, errors: FormErrors, formats: &Formats) -> FormErrors {
        match self.amount(formats) {
            Ok(_) => errors,
            Err(unread) => errors.reworded("price", &unread.to_string()),
        }
    }

    /// What was typed, as it is sent again.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 12] {
        [
            ("title", &self.title),
            ("price", &self.price),
            ("currency", &self.currency),
            ("event", &self.event),
            ("venue", &self.venue),
            ("startsAt", &self.starts_at),
            ("utcOffset", &self.utc_offset),
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
        let details = ticket.details.clone();
        Self {
            title: ticket.title.clone(),
            price: ticket.price.to_string(),
            currency: ticket.currency.code().to_owned(),
            event: details.event.unwrap_or_default(),
            venue: details.venue.unwrap_or_default(),
            starts_at: details.starts_at.map(local_time::in_utc).unwrap_or_default(),
            utc_offset: String::new(),
            section: details.section.unwrap_or_default(),
            row: details.row.unwrap_or_default(),
            seat: details.seat.unwrap_or_default(),
            version: ticket.version.to_string(),
            key: String::new(),
        }
    }
}
