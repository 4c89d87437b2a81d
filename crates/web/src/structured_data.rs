//! Events and tickets in the terms of <https://schema.org>, as search engines read them.

use client::{Currency, Event, EventStatus, Price, Ticket};
use serde_json::{Value, json};

use crate::components::TicketState;
use crate::pages::{event, ticket};
use crate::visitor::Visitor;

/// An event with all tickets to it.
pub(crate) fn of_event(visitor: &Visitor, event: &Event) -> Value {
    let venue = &event.venue;
    let address = json!({"@type": "PostalAddress", "addressLocality": venue.city, "addressCountry": venue.country});
    let status = match event.status {
        EventStatus::Public => "https://schema.org/EventScheduled",
        EventStatus::Moved => "https://schema.org/EventRescheduled",
        EventStatus::Cancelled => "https://schema.org/EventCancelled",
    };
    let url = visitor.address(&event::path(&event.slug));
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.name,
        "startDate": event.starts_there().to_rfc3339(),
        "eventStatus": status,
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {"@type": "Place", "name": venue.name, "address": address},
    });
    set(&mut data, "url", url.as_deref());
    let from = event.from_price.filter(|_| event.status != EventStatus::Cancelled);
    set(&mut data, "offers", from.map(|price| all_offers(event, price, url.as_deref())));
    data
}

fn all_offers(event: &Event, from: Price, url: Option<&str>) -> Value {
    let mut offers = json!({
        "@type": "AggregateOffer",
        "lowPrice": from.to_string(),
        "priceCurrency": code(event.currency),
        "availability": "https://schema.org/InStock",
    });
    set(&mut offers, "offerCount", Some(event.ticket_count).filter(|count| *count < Event::COUNTED));
    set(&mut offers, "url", url);
    offers
}

/// A ticket, as an offer of the event that it is to. `None` if it is not said what that is, where and when.
pub(crate) fn of_ticket(visitor: &Visitor, ticket: &Ticket) -> Option<Value> {
    let details = &ticket.details;
    let (name, venue, moment) = (details.event.as_ref()?, details.venue.as_ref()?, details.starts_at?);
    let begins = details.starts_there().map_or_else(|| moment.to_string(), |time| time.to_rfc3339());
    let mut place = json!({"@type": "Place", "name": venue});
    // Of a known event this is the venue and its city.
    set(&mut place, "address", details.event_id.and(Some(venue.as_str())));
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": name,
        "startDate": begins,
        "location": place,
        "offers": offer(visitor, ticket),
    });
    set(&mut data, "url", details.event_id.and_then(|id| visitor.address(&event::address(&id))));
    Some(data)
}

fn offer(visitor: &Visitor, ticket: &Ticket) -> Value {
    let availability = match TicketState::of(ticket, visitor.now) {
        TicketState::ForSale => "https://schema.org/InStock",
        TicketState::Locked => "https://schema.org/OutOfStock",
        TicketState::Unsealed
        | TicketState::Overdue
        | TicketState::Sold
        | TicketState::Withdrawn
        | TicketState::Begun => "https://schema.org/SoldOut",
    };
    let mut offer = json!({
        "@type": "Offer",
        "name": ticket.title,
        "price": ticket.price.to_string(),
        "priceCurrency": code(ticket.currency),
        "availability": availability,
    });
    set(&mut offer, "url", visitor.address(&ticket::address(ticket.id)));
    offer
}

fn code(currency: Currency) -> String {
    currency.code().to_uppercase()
}

/// Adds what is known.
fn set(data: &mut Value, name: &str, value: Option<impl Into<Value>>) {
    if let (Some(fields), Some(value)) = (data.as_object_mut(), value) {
        fields.insert(name.to_owned(), value.into());
    }
}
