use axum::Json;
use axum::extract::State;
use common::event_change::{ChangeEvent, ChangedEvent, EventChange, Move};
use common::version::Versioned;
use common::zone::{TimeZone, ZonedTime};
use runtime::http::{ApiError, Validator};
use serde_json::Value;

use super::event_named;
use crate::domain::{Event, EventStatus, InvalidStart, SentStart, ShortText, Venue, parse_zone};
use crate::error::TicketsError;
use crate::state::TicketsState;

/// Moves or cancels an event. An event is everybody's who sells tickets to it, so nobody but an operator may. The tickets
/// follow (`tasks/follow_events.rs`).
pub(super) async fn change_event(
    State(state): State<TicketsState>,
    Json(ChangeEvent { event: name, change }): Json<ChangeEvent>,
) -> Result<Json<ChangedEvent>, ApiError> {
    let event = event_named(&state, &name).await?;
    let changed = match change {
        EventChange::Cancel => state.events.change(event.id, |event| Ok(event.cancel())).await,
        EventChange::Move(wanted) => {
            let (venue, starts_at) = parse(&event, wanted)?;
            let now = state.clock.now();
            state.events.change(event.id, |event| event.move_to(venue.clone(), starts_at.clone(), now)).await
        }
    };
    let event = changed?.ok_or(TicketsError::NotFound)?;
    tracing::warn!(event = %event.id, status = ?event.status, starts_at = %event.starts_at, "an operator has changed an event");
    Ok(Json(answer(event)))
}

/// When and where it takes place now. Checks every rule, and reports all that are broken.
fn parse(event: &Event, wanted: Move) -> Result<(Venue, ZonedTime), ApiError> {
    let Move { starts_at, time_zone, venue, city, country } = wanted;
    let mut validator = Validator::default();
    let text = |field, sent: Option<String>, present: &ShortText| {
        sent.map_or_else(|| Ok(present.clone()), |text| ShortText::required(field, &Value::String(text)))
    };
    let venue = validator.take("venue", text("Venue", venue, &event.venue.name));
    let city = validator.take("city", text("City", city, &event.venue.city));
    let country = validator.take("country", text("Country", country, &event.venue.country));
    let zone = validator.take("timeZone", parse_zone(&time_zone.map_or(Value::Null, Value::String)));
    let starts_at = zone.and_then(|zone| validator.take("startsAt", parse_start(event, starts_at, zone)));
    let complete = || Some((Venue { name: venue?, city: city?, country: country? }, starts_at?));
    complete().ok_or_else(|| validator.into_error())
}

/// In another zone alone it begins when clocks there show the same.
fn parse_start(event: &Event, sent: Option<String>, zone: Option<TimeZone>) -> Result<ZonedTime, InvalidStart> {
    let sent = sent.map(|text| SentStart::parse(&Value::String(text))).transpose()?.flatten();
    let start = match (sent, &zone) {
        (None, None) => return Ok(event.starts_at.clone()),
        (None, Some(_)) => SentStart::Wall(event.starts_at.wall_time()),
        (Some(start), _) => start,
    };
    let zone = zone.unwrap_or_else(|| event.starts_at.zone.clone());
    Ok(ZonedTime { moment: start.moment(Some(&zone))?, zone })
}

fn answer(event: Versioned<Event>) -> ChangedEvent {
    let Event { slug, name, venue, starts_at, status, .. } = event.value;
    ChangedEvent {
        slug: slug.as_str().to_owned(),
        name: name.into_string(),
        place: [venue.name, venue.city, venue.country].map(ShortText::into_string).join(", "),
        starts_at: starts_at.to_string(),
        cancelled: status == EventStatus::Cancelled,
    }
}

#[cfg(test)]
mod tests;
