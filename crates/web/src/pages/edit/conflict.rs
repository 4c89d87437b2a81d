use client::Ticket;
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
    let plain = [
        (form.title, &now.title, &yours.title),
        (form.event, &now.event, &yours.event),
        (form.venue, &now.venue, &yours.venue),
        (form.section, &now.section, &yours.section),
        (form.row, &now.row, &yours.row),
        (form.seat, &now.seat, &yours.seat),
    ];
    let plain = plain.into_iter().filter(|(_, now, yours)| now.trim() != yours.trim());
    let mut rows: Vec<_> = plain.map(|(name, now, yours)| (name, html! { (now) }, html! { (yours) })).collect();
    if (yours.amount(&visitor.formats), &yours.currency) != (Ok(ticket.price), &now.currency) {
        rows.insert(0, (form.price, money(visitor, &now), money(visitor, yours)));
    }
    if yours.begins() != ticket.details.starts_at {
        rows.push((form.starts_at, beginning(visitor, &now), beginning(visitor, yours)));
    }
    rows
}

fn money(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    match (typed.amount(&visitor.formats), typed.known_currency()) {
        (Ok(price), Some(currency)) => html! { (visitor.formats.money(price, currency)) },
        _ => html! { (typed.price) " " (typed.currency.to_uppercase()) },
    }
}

fn beginning(visitor: &Visitor, typed: &TypedTicket) -> Markup {
    match typed.begins() {
        Some(begins) => moment::day_and_time(visitor, begins),
        None => html! { (typed.starts_at) },
    }
}
