use client::{Event, EventDetails, EventId, EventStatus};
use futures::future::join_all;
use maud::{Markup, html};

use crate::components::moment;
use crate::visitor::Visitor;

/// How many events are asked for at once.
const AT_ONCE: usize = 10;

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
        let event = match details.event_id {
            Some(id) => known(visitor, id).await,
            None => None,
        };
        Self::between(details, event)
    }

    /// The same of several, in their sequence: an event is asked for once, however many speak of it.
    pub(crate) async fn of_each(visitor: &Visitor, details: &[&EventDetails]) -> Vec<Self> {
        let mut ids: Vec<_> = details.iter().filter_map(|details| details.event_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut events = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            events.extend(join_all(some.iter().map(|id| known(visitor, *id))).await.into_iter().flatten());
        }
        let event = |id: Option<EventId>| events.iter().find(|event| Some(event.id) == id).cloned();
        details.iter().map(|details| Self::between(details, event(details.event_id))).collect()
    }

    fn between(said: &EventDetails, event: Option<Event>) -> Self {
        let is_as_said = event.as_ref().is_some_and(|event| {
            let venue = format!("{}, {}", event.venue.name, event.venue.city);
            said.starts_at == Some(event.starts_at) && said.venue.as_ref() == Some(&venue)
        });
        Self { event, is_as_said }
    }

    /// Where it takes place now, with all that is known of that.
    pub(crate) fn place(&self) -> Option<String> {
        self.event.as_ref().map(|event| event.venue.to_string())
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
                    bdi { (event.venue) }
                }
            }
        }
    }
}

async fn known(visitor: &Visitor, id: EventId) -> Option<Event> {
    visitor.api.event(&id.to_string()).await.ok()
}
