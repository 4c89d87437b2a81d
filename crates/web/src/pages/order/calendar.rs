use axum::response::Response;
use client::{EventDetails, Version};
use common::id;

use super::{EventNews, OrderView};
use crate::calendar::{self, Entry, Status};
use crate::error::PageError;
use crate::path::PathId;
use crate::visitor::Visitor;

/// What the buyer has bought, for their calendar, which is to lead them to where and when it takes place now. What was
/// bought stays in the words (invariant I14).
pub(crate) async fn show(visitor: Visitor, PathId(id): PathId<id::Order>) -> Result<Response, PageError> {
    let order = super::find(&visitor, id).await?;
    let details = &order.ticket.details;
    let news = EventNews::of(&visitor, details).await;
    let moved = news.moved();
    let entry = Entry {
        id: format!("order-{id}"),
        // Both only grow.
        version: Version(order.version.0 + news.version()),
        status: match OrderView::of(&order, visitor.now, None) {
            _ if news.is_cancelled() => Status::Cancelled,
            view => status(view),
        },
        // Without a date there is nothing to enter.
        begins: moved.map_or(details.starts_at, |event| Some(event.starts_at)).ok_or(PageError::NotFound)?,
        name: details.event.clone().unwrap_or_else(|| order.ticket.title.clone()),
        // In the same words whether it has been moved or not, and as in the calendar of whoever takes it from the event.
        place: news.place().or_else(|| details.venue.clone()),
        description: seat(&visitor, &order.ticket.title, details),
        address: visitor.address(&super::address(id)),
    };
    Ok(calendar::file(&entry, visitor.now))
}

/// Whether the buyer can count on it.
fn status(view: OrderView) -> Status {
    match view {
        OrderView::Paid | OrderView::Disputed => Status::Confirmed,
        OrderView::Checkout
        | OrderView::TimeIsUp
        | OrderView::BeingPaid
        | OrderView::AtTheBank
        | OrderView::AnotherCard
        | OrderView::Confirming => Status::Tentative,
        OrderView::Expired
        | OrderView::Declined
        | OrderView::CancelledByBuyer
        | OrderView::EventCancelled
        | OrderView::CalledOff
        | OrderView::PaidTooLate(_)
        | OrderView::Refunded(_)
        | OrderView::TakenBack => Status::Cancelled,
    }
}

/// The title and the seat, a line each.
fn seat(visitor: &Visitor, title: &str, details: &EventDetails) -> String {
    let text = &visitor.text.ticket;
    let EventDetails { tier, section, row, seat, .. } = details;
    let places = [(visitor.text.sell.form.tier, tier), (text.section, section), (text.row, row), (text.seat, seat)];
    let places = places.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", value.as_ref()?)));
    std::iter::once(title.to_owned()).chain(places).collect::<Vec<_>>().join("\n")
}
