use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use client::EventStatus;

use crate::calendar::{self, Entry, Status};
use crate::error::PageError;
use crate::visitor::Visitor;

/// The event for a calendar.
pub(crate) async fn show(visitor: Visitor, slug: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let slug = slug.ok().map(|Path(slug)| slug);
    let event = super::find(&visitor, slug.as_deref()).await?;
    let entry = Entry {
        id: format!("event-{}", event.id),
        version: event.version,
        status: match event.status {
            EventStatus::Public | EventStatus::Moved => Status::Confirmed,
            EventStatus::Cancelled => Status::Cancelled,
        },
        begins: event.starts_at,
        place: Some(event.venue.to_string()),
        description: String::new(),
        address: visitor.address(&super::path(&event.slug)),
        name: event.name,
    };
    Ok(calendar::file(&entry, visitor.now))
}
