use client::{Currency, Event, Price, TimeZone};
use common::money::InvalidPrice;
use maud::{Markup, Render, html};

mod typed;

use super::{Field, moment};
use crate::forms::FormErrors;
use crate::pages::delivery::BEFORE_THE_EVENT;
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
    event: Option<&'a Event>,
    issues: Option<bool>,
    action: Option<&'static str>,
}

impl<'a> TicketForm<'a> {
    /// Its id, for what belongs to it and stands elsewhere.
    pub(crate) const ID: &'static str = "ticket-form";

    pub(crate) fn new(visitor: &'a Visitor, typed: &'a TypedTicket, errors: &'a FormErrors, button: &'a str) -> Self {
        Self { visitor, typed, errors, button, closed: false, event: None, issues: None, action: None }
    }

    /// Shown, but disabled.
    #[must_use]
    pub(crate) fn closed(self, closed: bool) -> Self {
        Self { closed, ..self }
    }

    /// Of a ticket to this event.
    #[must_use]
    pub(crate) fn to(self, event: Option<&'a Event>) -> Self {
        Self { event, ..self }
    }

    /// Whether its seller may sell tickets to the event that we issue, if that is known.
    #[must_use]
    pub(crate) fn issuing(self, issues: Option<bool>) -> Self {
        Self { issues, ..self }
    }

    /// Where it is sent, if not to where it is.
    #[must_use]
    pub(crate) fn sent_to(self, action: &'static str) -> Self {
        Self { action: Some(action), ..self }
    }

    fn field(&self, name: &'a str, label: &'a str, value: &'a str) -> Field<'a> {
        Field::text(name, label, value, self.errors).autocomplete("off")
    }

    fn details(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        html! {
            fieldset {
                legend { (text.details) }
                (self.field("event", text.event, &typed.event))
                (self.field("venue", text.venue, &typed.venue))
                (self.field("startsAt", text.starts_at, &typed.starts_at)
                    .kind("datetime-local").hint(text.starts_at_hint))
                (self.field("timeZone", text.time_zone, &typed.time_zone).hint(text.time_zone_hint).list("zones"))
                (zones())
                (self.seat())
            }
        }
    }

    /// A known event says itself what, where and when it is.
    fn of_event(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        html! {
            fieldset #eventId tabindex="-1" {
                legend dir="auto" { (self.event.map_or(typed.event.as_str(), |event| &event.name)) }
                @for wrong in self.errors.for_field("eventId") { p.field-error { (wrong) } }
                @if let Some(event) = self.event {
                    p { (moment::there(self.visitor, &event.starts_there())) }
                    p.meta { bdi { (event.venue.name) } ", " bdi { (event.venue.city) } }
                    p.meta { ((text.in_currency)(&event.currency.code().to_uppercase())) }
                    (self.highest_prices(event))
                    datalist #tiers { @for tier in &event.tiers { option value=(tier.name) {} } }
                }
                @if typed.is_sold_on() { (self.bought_place()) } @else {
                    (self.field("tier", text.tier, &typed.tier).list("tiers"))
                    (self.seat())
                }
            }
        }
    }

    /// What is sold on stays what was bought.
    fn bought_place(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        let place = [
            ("tier", text.tier, &typed.tier),
            ("section", text.section, &typed.section),
            ("row", text.row, &typed.row),
            ("seat", text.seat, &typed.seat),
        ];
        html! {
            @for (name, label, value) in place {
                @if !value.is_empty() {
                    p.meta { (label) ": " bdi { (value) } }
                    input type="hidden" name=(name) value=(value);
                }
            }
        }
    }

    /// Where the operator has set them.
    fn highest_prices(&self, event: &Event) -> Markup {
        let at_most = |price| (self.visitor.text.sell.form.at_most)(&self.visitor.formats.money(price, event.currency));
        html! {
            @for tier in &event.tiers {
                @if let Some(price) = tier.highest_price { p.meta { bdi { (tier.name) } ": " (at_most(price)) } }
            }
        }
    }

    fn seat(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        html! {
            div.seat {
                (self.field("section", text.section, &typed.section))
                (self.field("row", text.row, &typed.row))
                (self.field("seat", text.seat, &typed.seat))
            }
        }
    }

    /// How the ticket comes to its buyer.
    fn delivery(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        html! {
            fieldset {
                legend { (text.delivery) }
                @if typed.is_sold_on() || typed.shown_delivery == "ours" {
                    // What is sold on, or was listed as one that we issue, stays one.
                    input type="hidden" name="delivery" value="ours";
                    p { (if typed.is_sold_on() { text.delivery_sold_on } else { text.delivery_hint_ours }) }
                } @else { (self.modes()) }
            }
        }
    }

    /// The ways in which it may come, to choose one.
    fn modes(&self) -> Markup {
        let (text, typed) = (&self.visitor.text.sell.form, self.typed);
        // Nothing can be promised within a day of the event.
        let is_soon = self.event.is_some_and(|event| event.starts_at - BEFORE_THE_EVENT <= self.visitor.now);
        let usual = if is_soon { ("", text.delivery_nothing) } else { ("later", text.delivery_later) };
        // While nobody says who may choose it, who has chosen it may.
        let is_issued = !typed.event_id.is_empty() && self.issues.unwrap_or(typed.delivery == "ours");
        let ours = is_issued.then_some(("ours", text.delivery_ours));
        let choices = [usual, ("sealed", text.delivery_sealed)].into_iter().chain(ours);
        html! {
            div.field {
                label for="delivery" { (text.delivery_mode) }
                p.hint #delivery-hint {
                    (if is_soon { text.delivery_hint_soon } else { text.delivery_hint })
                    @if is_issued { " " (text.delivery_hint_ours) }
                }
                select #delivery name="delivery" aria-describedby="delivery-hint" {
                    @for (value, name) in choices { option value=(value) selected[value == typed.delivery] { (name) } }
                }
            }
            @if !is_soon {
                (self.field("until", text.until, &typed.until).kind("datetime-local").hint(text.until_hint))
            }
        }
    }

    /// What goes with the form unseen.
    fn hidden(&self) -> Vec<(&'static str, &str)> {
        let typed = self.typed;
        let mut hidden = vec![("version", typed.version.as_str()), ("key", typed.key.as_str())];
        hidden.push(("boughtBy", typed.bought_by.as_str()));
        hidden.extend([("shownDelivery", typed.shown_delivery.as_str()), ("shownUntil", typed.shown_until.as_str())]);
        if typed.event_id.is_empty() {
            hidden.push(("shownStart", typed.shown_start.as_str()));
        } else {
            hidden.extend([("eventId", typed.event_id.as_str()), ("eventCurrency", typed.event_currency.as_str())]);
            hidden.extend([("event", typed.event.as_str()), ("eventZone", typed.event_zone.as_str())]);
        }
        hidden
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
            form.ticket-form id=(Self::ID) method="post" action=[self.action] autocomplete="off"
                data-missing=(rules.missing) data-too-long=(rules.too_long)
                data-control-characters=(rules.control_characters)
                data-not-positive=((rules.price)(InvalidPrice::NotPositive))
                data-too-large=((rules.price)(InvalidPrice::TooLarge))
                data-longest=(LONGEST) data-largest=(Price::MAX.minor_units())
                {
                @for (name, value) in self.hidden() {
                    @if !value.is_empty() { input type="hidden" name=(name) value=(value); }
                }
                fieldset disabled[self.closed] {
                    legend.visually-hidden { (self.visitor.text.ticket.ticket) }
                    (self.field("title", form.title, &typed.title).hint(form.title_hint).required())
                    div.amount {
                        (self.field("price", form.price, &typed.price)
                            .input_mode("decimal").hint(form.price_hint).required())
                        @if typed.event_id.is_empty() { (currencies(self.visitor, &typed.currency, self.errors)) }
                    }
                    @if typed.event_id.is_empty() { (self.details()) } @else { (self.of_event()) }
                    (self.delivery())
                    button.primary { (self.button) }
                }
            }
        }
    }
}

/// The currencies, to choose one: first that of the visitor's region.
pub(crate) fn currencies(visitor: &Visitor, chosen: &str, errors: &FormErrors) -> Markup {
    let wrong: Vec<_> = errors.for_field("currency").collect();
    let is_wrong = !wrong.is_empty();
    let chosen = if chosen.is_empty() { visitor.formats.usual_currency().code() } else { chosen };
    html! {
        div.field {
            label for="currency" { (visitor.text.sell.form.currency) }
            @if is_wrong { p.field-error id="currency-error" { (wrong.join(". ")) } }
            select id="currency" name="currency" aria-invalid=[is_wrong.then_some("true")]
                aria-describedby=[is_wrong.then_some("currency-error")] {
                @for code in Currency::ALL.map(Currency::code) {
                    option value=(code) selected[code == chosen] { (code.to_uppercase()) }
                }
            }
        }
    }
}

/// The time zones that there are.
pub(crate) fn zones() -> Markup {
    html! { datalist #zones { @for name in TimeZone::names() { option value=(name) {} } } }
}

/// If the session ended while the visitor typed, signing in opens a new window, so that this page keeps the
/// text.
fn way_back_in(visitor: &Visitor) -> Markup {
    html! { p { a.button href=(sign_in::address("/listings")) target="_blank" { (visitor.text.sell.sign_in) } } }
}

#[cfg(test)]
mod tests;
