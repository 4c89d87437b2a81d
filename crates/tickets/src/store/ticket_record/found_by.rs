//! What a ticket is found and sorted by.

use common::delivery::DeliveryPromise;
use common::events::EventDetails;
use common::id::EventId;
use common::time::Timestamp;
use serde::Serialize;
use wording::search_text;

use super::indexes::UNDATED;
use crate::domain::{ShortText, Ticket, WORDS_RULE, search_words};

/// Derived from the rest whenever a ticket is stored.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FoundBy {
    /// The words of title, event, venue and section.
    words: Vec<String>,
    /// The rule that they, the day and the venues were made by.
    words_rule: u32,
    event: Option<String>,
    venue: Option<String>,
    venues: Vec<String>,
    /// When the event begins. Tickets without a date come last: the field to sort by must be
    /// present in every record.
    starts_at: Option<Timestamp>,
    /// The day of that at the venue, or in UTC where the venue's time zone is not known.
    day: Option<String>,
    event_id: Option<EventId>,
    /// By when its seller has promised to deliver it, if that is after it is sold.
    deliver_by: Option<Timestamp>,
}

/// The words that a ticket is found by.
pub(in crate::store) fn words_of(ticket: &Ticket) -> Vec<String> {
    words(&ticket.title, &ticket.details)
}

fn words(title: &ShortText, details: &EventDetails) -> Vec<String> {
    // Of a known event, its name, its venue and its city are in these.
    let EventDetails {
        event,
        venue,
        section,
        starts_at: _,
        row: _,
        seat: _,
        time_zone: _,
        event_id: _,
        tier: _,
        delivery: _,
    } = details;
    let searched = [Some(title.as_str()), event.as_deref(), venue.as_deref(), section.as_deref()];
    search_words(searched.into_iter().flatten())
}

/// What people call a venue. That of a known event is in one line with its city, and either may have a comma in it.
pub(super) fn venue_names(venue: &str, with_city: bool) -> Vec<String> {
    let commas = venue.match_indices(", ").filter(|_| with_city);
    let names = commas.map(|(end, _)| &venue[..end]).chain([venue]);
    names.map(search_text).collect()
}

impl FoundBy {
    pub(super) fn of(title: &ShortText, details: &EventDetails) -> Self {
        let EventDetails { event, venue, starts_at, time_zone, event_id, delivery, .. } = details;
        let deliver_by = match delivery {
            Some(DeliveryPromise::Later { until }) => Some(*until),
            Some(DeliveryPromise::Sealed { .. } | DeliveryPromise::Ours { .. } | DeliveryPromise::Other) | None => None,
        };
        let starts_at = starts_at.unwrap_or(UNDATED);
        let day = time_zone.as_ref().map(|zone| zone.wall_time(starts_at).day());
        Self {
            words: words(title, details),
            words_rule: WORDS_RULE,
            event: event.as_deref().map(search_text),
            venue: venue.as_deref().map(search_text),
            venues: venue.as_deref().map(|venue| venue_names(venue, event_id.is_some())).unwrap_or_default(),
            starts_at: Some(starts_at),
            day: Some(day.unwrap_or_else(|| starts_at.day())),
            event_id: *event_id,
            deliver_by,
        }
    }
}
