use client::{EventDetails, Ticket};
use maud::{Markup, html};

use crate::components::{TypedTicket, moment};
use crate::visitor::Visitor;

/// What differs between the ticket as it is now and what its seller has typed, and what can be done about
/// it.
pub(super) fn conflict(visitor: &Visitor, ticket: &Ticket, typed: &TypedTicket) -> Markup {
    let text = &visitor.text.sell.conflict;
    let rows = differences(visitor, ticket, typed);
    html! {
        section.conflict role="alert" aria-labelledby="conflict" {
            h2 #conflict { (text.heading) }
            p { (text.words) }
            @if rows.is_empty() { p { (text.same) } } @else {
                table {
                    thead { tr { td {} th scope="col" { (text.now) } th scope="col" { (text.yours) } } }
                    tbody {
                        @for (name, now, yours) in rows {
                            tr { th scope="row" { (name) } td dir="auto" { (shown(now)) } td dir="auto" { (shown(yours)) } }
                        }
                    }
                }
            }
            p { a href={ "/tickets/" (ticket.id) "/edit" } { (text.discard) } }
        }
    }
}

fn shown(value: Markup) -> Markup {
    if value.0.is_empty() {
        html! { "–" }
    } else {
        value
    }
}

/// The name of each field that differs, its present value, and the typed one.
fn differences(visitor: &Visitor, ticket: &Ticket, typed: &TypedTicket) -> Vec<(&'static str, Markup, Markup)> {
    let form = &visitor.text.sell.form;
    let (now, yours) = (TypedTicket::from(ticket), typed);
    // What a known event says is not in the form.
    let is_same_event = !now.event_id.is_empty() && now.event_id == yours.event_id;
    let venue = if is_same_event { &now.venue } else { &yours.venue };
    let plain = [
        (form.title, &now.title, &yours.title),
        (form.event, &now.event, &yours.event),
        (form.venue, &now.venue, venue),
        (form.tier, &now.tier, &yours.tier),
        (form.section, &now.section, &yours.section),
        (form.row, &now.row, &yours.row),
        (form.seat, &now.seat, &yours.seat),
    ];
    let plain = plain.into_iter().filter(|(_, now, yours)| now.trim() != yours.trim());
    let mut rows: Vec<_> = plain.map(|(name, now, yours)| (name, html! { (now) }, html! { (yours) })).collect();
    let price = (yours.amount(&visitor.formats), yours.known_currency());
    if price != (Ok(ticket.price), Some(ticket.currency)) {
        rows.insert(0, (form.price, money(visitor, &now), money(visitor, yours)));
    }
    let are_elsewhere = yours.zone() != now.zone() && ticket.details.starts_at.is_some();
    if !is_same_event && (yours.begins() != ticket.details.starts_at || are_elsewhere) {
        rows.push((form.starts_at, beginning(visitor, &now), beginning(visitor, yours)));
    }
    let is_promised_anew = yours.delivery_for_api().is_some();
    if is_promised_anew && (yours.delivery != now.delivery || yours.due() != now.due()) {
        rows.push((form.delivery_mode, delivery(visitor, &now), delivery(visitor, yours)));
    }
    rows
}

/// How the buyer gets it, and by when.
fn delivery(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    let form = &visitor.text.sell.form;
    let words = match typed.delivery.as_str() {
        "sealed" => form.delivery_sealed,
        "later" => form.delivery_later,
        "ours" => form.delivery_ours,
        _ => form.delivery_nothing,
    };
    html! { (words) @if !typed.until.is_empty() { ", " (typed.until.replace('T', " ")) } }
}

fn money(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    match (typed.amount(&visitor.formats), typed.known_currency()) {
        (Ok(price), Some(currency)) => html! { (visitor.formats.money(price, currency)) },
        _ => html! { (typed.price) " " (typed.currency.to_uppercase()) },
    }
}

fn beginning(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    let begins = EventDetails { starts_at: typed.begins(), time_zone: typed.zone(), ..EventDetails::default() };
    moment::begins(visitor, &begins).unwrap_or_else(|| html! { (typed.starts_at) })
}
