use client::{Currency, Price, Ticket};
use common::money::InvalidPrice;
use maud::{Markup, Render, html};
use serde::Deserialize;

use super::Field;
use crate::forms::FormErrors;
use crate::local_time;
use crate::pages::sign_in;
use crate::visitor::Visitor;

/// The most characters the API accepts in one line. Inputs are not cut off there: what is pasted
/// would lose its end silently.
const LONGEST: usize = 200;

/// What is typed into a ticket's form.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct TypedTicket {
    title: String,
    price: String,
    currency: String,
    event: String,
    venue: String,
    /// Without a time zone.
    starts_at: String,
    /// How many minutes that is ahead of UTC, told by script.
    utc_offset: String,
    section: String,
    row: String,
    seat: String,
}

/// A ticket as it is, to be changed.
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

/// The same for the API, which checks it.
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

/// An amount as many write it, `19,99`, and as some keyboards make everybody write it.
fn with_decimal_point(typed: &str) -> String {
    if typed.contains('.') { typed.to_owned() } else { typed.replacen(',', ".", 1) }
}

/// The form in which a ticket is listed or changed.
pub(crate) struct TicketForm<'a> {
    visitor: &'a Visitor,
    typed: &'a TypedTicket,
    errors: &'a FormErrors,
    button: &'a str,
    closed: bool,
}

impl<'a> TicketForm<'a> {
    pub(crate) fn new(visitor: &'a Visitor, typed: &'a TypedTicket, errors: &'a FormErrors, button: &'a str) -> Self {
        Self { visitor, typed, errors, button, closed: false }
    }

    /// Shown, but not to be used.
    #[must_use]
    pub(crate) fn closed(self, closed: bool) -> Self {
        Self { closed, ..self }
    }

    fn field(&self, name: &'a str, label: &'a str, value: &'a str) -> Field<'a> {
        Field::text(name, label, value, self.errors).autocomplete("off")
    }

    fn currencies(&self) -> Markup {
        let text = &self.visitor.text.sell.form;
        let wrong: Vec<_> = self.errors.for_field("currency").collect();
        let is_wrong = !wrong.is_empty();
        html! {
            div.field {
                label for="currency" { (text.currency) }
                @if is_wrong { p.field-error id="currency-error" { (wrong.join(". ")) } }
                select id="currency" name="currency" aria-invalid=[is_wrong.then_some("true")]
                    aria-describedby=[is_wrong.then_some("currency-error")] {
                    @for code in Currency::ALL.map(Currency::code) {
                        option value=(code) selected[code == self.typed.currency] { (code.to_uppercase()) }
                    }
                }
            }
        }
    }

    fn details(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        html! {
            fieldset {
                legend { (text.details) }
                (self.field("event", text.event, &typed.event))
                (self.field("venue", text.venue, &typed.venue))
                (self.field("startsAt", text.starts_at, &typed.starts_at).kind("datetime-local").hint(text.utc_hint))
                input type="hidden" id="utcOffset" name="utcOffset" value=(typed.utc_offset) autocomplete="off";
                div.seat {
                    (self.field("section", text.section, &typed.section))
                    (self.field("row", text.row, &typed.row))
                    (self.field("seat", text.seat, &typed.seat))
                }
            }
        }
    }
}

impl Render for TicketForm<'_> {
    fn render(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell, self.typed);
        let (form, rules) = (&text.form, &text.rules);
        html! {
            (self.errors.summary(self.visitor))
            @if self.visitor.user.is_none() { (way_back_in(self.visitor)) }
            form #ticket-form.ticket-form method="post"
                data-missing=(rules.missing) data-too-long=(rules.too_long)
                data-control-characters=(rules.control_characters)
                data-not-positive=((rules.price)(InvalidPrice::NotPositive))
                data-too-precise=((rules.price)(InvalidPrice::TooPrecise))
                data-too-large=((rules.price)(InvalidPrice::TooLarge))
                data-longest=(LONGEST) data-largest=(Price::MAX.minor_units())
                data-local-hint=(form.local_hint) {
                fieldset disabled[self.closed] {
                    (self.field("title", form.title, &typed.title).hint(form.title_hint).required())
                    div.amount {
                        (self.field("price", form.price, &typed.price)
                            .input_mode("decimal").hint(form.price_hint).required())
                        (self.currencies())
                    }
                    (self.details())
                    button.primary { (self.button) }
                }
            }
        }
    }
}

/// Whose session ended while they typed has not typed in vain: this page stays open meanwhile.
fn way_back_in(visitor: &Visitor) -> Markup {
    html! { p { a.button href=(sign_in::address("/listings")) target="_blank" { (visitor.text.sell.sign_in) } } }
}

#[cfg(test)]
mod tests;
