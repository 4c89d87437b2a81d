use client::{Currency, Price};
use common::money::InvalidPrice;
use maud::{Markup, Render, html};

mod typed;

use super::Field;
use crate::forms::FormErrors;
use crate::pages::sign_in;
use crate::visitor::Visitor;

pub(crate) use typed::TypedTicket;

/// The maximum length of a line that the API accepts. Inputs have no `maxlength`: it would silently cut off
/// pasted text.
const LONGEST: usize = 200;

/// The form for listing or editing a ticket.
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

    /// Shown, but disabled.
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
                input type="hidden" id="utcOffset" name="utcOffset" value=(typed.utc_offset);
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
            // Also for what it hides: a browser that fills it in again after a reload would send an old version.
            form #ticket-form.ticket-form method="post" autocomplete="off"
                data-missing=(rules.missing) data-too-long=(rules.too_long)
                data-control-characters=(rules.control_characters)
                data-not-positive=((rules.price)(InvalidPrice::NotPositive))
                data-too-large=((rules.price)(InvalidPrice::TooLarge))
                data-longest=(LONGEST) data-largest=(Price::MAX.minor_units())
                data-local-hint=(form.local_hint) {
                @for (name, value) in [("version", &typed.version), ("key", &typed.key)] {
                    @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
                }
                fieldset disabled[self.closed] {
                    legend.visually-hidden { (self.visitor.text.ticket.ticket) }
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

/// If the session ended while the visitor typed, signing in opens a new window, so that this page keeps the
/// text.
fn way_back_in(visitor: &Visitor) -> Markup {
    html! { p { a.button href=(sign_in::address("/listings")) target="_blank" { (visitor.text.sell.sign_in) } } }
}

#[cfg(test)]
mod tests;
