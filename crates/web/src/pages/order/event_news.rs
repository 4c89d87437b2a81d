use client::{Event, EventDetails, EventStatus};
use maud::{Markup, html};

use crate::components::moment;
use crate::visitor::Visitor;

/// What has become of an event since a ticket or an order said when and where it is.
#[derive(Default)]
pub(crate) struct EventNews {
    /// The event as it is now, as far as it is known and can be had.
    event: Option<Event>,
    /// Whether it is as it was said.
    is_as_said: bool,
}

impl EventNews {
    /// What has become of the event that these details speak of.
    pub(crate) async fn of(visitor: &Visitor, details: &EventDetails) -> Self {
        let Some(id) = details.event_id else { return Self::default() };
        let Ok(event) = visitor.api.event(&id.to_string()).await else { return Self::default() };
        let venue = format!("{}, {}", event.venue.name, event.venue.city);
        let is_as_said = details.starts_at == Some(event.starts_at) && details.venue.as_ref() == Some(&venue);
        Self { event: Some(event), is_as_said }
    }

    /// Whether it does not take place.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.event.as_ref().is_some_and(|event| event.status == EventStatus::Cancelled)
    }

    /// The event, if it takes place at another time than was said, or elsewhere.
    pub(crate) fn moved(&self) -> Option<&Event> {
        self.event.as_ref().filter(|_| !self.is_as_said)
    }

    /// How often the event has changed: this only grows.
    pub(crate) fn version(&self) -> u64 {
        self.event.as_ref().map_or(0, |event| event.version.0)
    }

    /// In words; nothing if there are none.
    pub(crate) fn in_words(&self, visitor: &Visitor) -> Markup {
        html! {
            @if self.is_cancelled() {
                p.message.warn { (visitor.text.event.cancelled) }
            } @else if let Some(event) = self.moved() {
                p.message.warn {
                    (visitor.text.orders.event_moved) " " (moment::there(visitor, &event.starts_there())) ", "
                    bdi { (event.venue.name) ", " (event.venue.city) }
                }
            }
        }
    }
}
