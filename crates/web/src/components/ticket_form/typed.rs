use client::Ticket;
use serde::Deserialize;

use crate::local_time;

/// The raw input of a ticket form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TypedTicket {
    pub(super) title: String,
    pub(super) price: String,
    pub(super) currency: String,
    pub(super) event: String,
    pub(super) venue: String,
    /// Without a time zone.
    pub(super) starts_at: String,
    /// The offset from UTC in minutes at that time, filled in by a script.
    pub(super) utc_offset: String,
    pub(super) section: String,
    pub(super) row: String,
    pub(super) seat: String,
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
        }
    }
}

/// The same for the API, which validates it.
impl From<&TypedTicket> for client::TicketForm {
    fn from(typed: &TypedTicket) -> Self {
        Self {
            title: typed.title.clone(),
            price: with_decimal_point(&typed.price),
            currency: Some(typed.currency.clone()).filter(|code| !code.is_empty()),
            event: Some(typed.event.clone()),
            venue: Some(typed.venue.clone()),
            starts_at: Some(local_time::to_rfc3339(&typed.starts_at, &typed.utc_offset)),
            section: Some(typed.section.clone()),
            row: Some(typed.row.clone()),
            seat: Some(typed.seat.clone()),
        }
    }
}

/// A decimal comma (`19,99`) is accepted, since many people and keyboards use it.
fn with_decimal_point(typed: &str) -> String {
    if typed.contains('.') { typed.to_owned() } else { typed.replacen(',', ".", 1) }
}
