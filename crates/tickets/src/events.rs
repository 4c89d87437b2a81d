//! The events that are known: added once, found by their names, and what tickets are to.

mod find;

pub(crate) use find::SoughtEvents;

use common::id::EventId;
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Versioned;
use ports::store::{Condition, Conflict, Cursor, Lane, Query, StoreError};
use runtime::store::{Page, Store, UpdateContext};

use crate::domain::{Edit, Event, InvalidEvent, InvalidTier, PriceCap, Slug, TicketForm};
use crate::error::TicketsError;
use crate::routes::ParsedTicket;
use crate::store::{EventAltered, ONE_EVENT_PER_SLUG, event_fields, event_states};

/// How many events may be called alike, until ids tell them apart.
const NUMBERED: u32 = 9;

/// An event that is known from now on.
pub(crate) enum Added {
    /// Nobody knew it.
    Now(Versioned<Event>),
    /// Somebody has added it before.
    Before(Versioned<Event>),
}

/// The events. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Events(Store<Event>);

impl Events {
    pub(crate) fn new(events: Store<Event>) -> Self {
        Self(events)
    }

    /// Adds an event, under an address that no other has, unless it is known already.
    pub(crate) async fn add(&self, event: Event) -> Result<Added, TicketsError> {
        let id = event.id;
        for slug in addresses(&event) {
            match self.0.insert(Event { slug: slug.clone(), ..event.clone() }, &()).await {
                Err(StoreError::Conflict(Conflict::Unique(ONE_EVENT_PER_SLUG))) => {
                    let known = self.named(slug.as_str()).await?;
                    if let Some(known) = known.filter(|known| known.is_same(&event)) {
                        return Ok(Added::Before(known));
                    }
                }
                // An earlier try of this very request, whose answer was lost.
                Err(StoreError::Conflict(Conflict::Exists)) => {
                    return self.get(id).await?.map(Added::Now).ok_or(TicketsError::NotFound);
                }
                added => return Ok(Added::Now(added?)),
            }
        }
        Err(TicketsError::Busy)
    }

    /// The event, if somebody has added it before, or an earlier try of this very request has.
    pub(crate) async fn added_before(&self, event: &Event) -> Result<Option<Added>, TicketsError> {
        for slug in addresses(event) {
            match self.named(slug.as_str()).await? {
                // They are given in their sequence, and none is ever free again.
                None => return Ok(None),
                Some(known) if known.id == event.id => return Ok(Some(Added::Now(known))),
                Some(known) if known.is_same(event) => return Ok(Some(Added::Before(known))),
                Some(_) => {}
            }
        }
        Ok(None)
    }

    /// The event with this id.
    pub(crate) async fn get(&self, id: EventId) -> Result<Option<Versioned<Event>>, StoreError> {
        self.0.get(id).await
    }

    /// The event that is called so in addresses, or has this id.
    pub(crate) async fn named(&self, name: &str) -> Result<Option<Versioned<Event>>, StoreError> {
        if let Ok(id) = name.parse() {
            return self.get(id).await;
        }
        let is_named = Condition::Equals(event_fields::SLUG, name.into());
        Ok(self.0.find(&Query::all(vec![is_named])).await?.pop())
    }

    /// One page of the next events, at most so many.
    pub(crate) async fn ahead(
        &self,
        now: Timestamp,
        after: Option<Cursor>,
        limit: usize,
    ) -> Result<Page<Event>, StoreError> {
        self.0.page(Query { after, ..are_ahead(now) }, limit).await
    }

    /// Moves or cancels an event as `decide` says, and publishes that. Returns it as it is now; `None` if there is none.
    pub(crate) async fn change(
        &self,
        id: EventId,
        mut decide: impl FnMut(&mut Event) -> Result<Outcome<()>, InvalidEvent>,
    ) -> Result<Option<Versioned<Event>>, TicketsError> {
        let decide =
            |event: &mut Event, cx: UpdateContext| Ok::<_, TicketsError>(decide(event)?.map(|()| EventAltered(cx.now)));
        let updated = self.0.update(id, decide).await?;
        Ok(updated.map(|updated| updated.aggregate))
    }

    /// The events that have been moved or cancelled, as far as they have not begun.
    pub(crate) async fn changed(&self, now: Timestamp) -> Result<Vec<Versioned<Event>>, StoreError> {
        let states = event_states::CHANGED.iter().map(|state| (*state).into()).collect();
        let conditions = vec![
            Condition::OneOf(event_fields::STATUS, states),
            Condition::AtLeast(event_fields::STARTS_AT, now.to_string().into()),
        ];
        self.0.find(&Query { sort: Some(event_fields::STARTS_AT), ..Query::all(conditions) }).await
    }

    /// What a seller says about a ticket, with the event that it names and what it may cost. `present` is the event
    /// that the ticket has been to, if what they say is of that.
    pub(crate) async fn complete(
        &self,
        parsed: ParsedTicket,
        present: Option<EventId>,
        price_cap: Option<PriceCap>,
    ) -> Result<TicketForm, TicketsError> {
        let ParsedTicket { mut form, event_id } = parsed;
        form.price_cap = price_cap;
        let id = match event_id {
            Edit::Set(id) => Some(id),
            Edit::Keep => present,
            Edit::Clear => None,
        };
        let Some(id) = id else {
            if form.details.tier.is_set() {
                return Err(InvalidTier::NoEvent.into());
            }
            form.details.of_event = if event_id == Edit::Clear { Edit::Clear } else { Edit::Keep };
            return Ok(form);
        };
        let event = self.get(id).await?.ok_or(TicketsError::NoSuchEvent)?.value;
        if let Edit::Set(tier) = form.details.tier {
            form.details.tier = Edit::Set(event.tier(tier)?);
        }
        form.details.of_event = Edit::Set(Box::new(event));
        Ok(form)
    }
}

/// What it may be called in addresses: the first of these that no other event has.
fn addresses(event: &Event) -> impl Iterator<Item = Slug> {
    let plain = &event.slug;
    let numbered = (2..=NUMBERED).map(move |number| plain.numbered(number));
    std::iter::once(plain.clone()).chain(numbered).chain([plain.with_id(event.id)])
}

/// They have not begun and are not cancelled, the soonest first.
fn are_ahead(now: Timestamp) -> Query {
    let states = event_states::AHEAD.iter().map(|state| (*state).into()).collect();
    let conditions = vec![
        Condition::OneOf(event_fields::STATUS, states),
        Condition::AtLeast(event_fields::STARTS_AT, now.to_string().into()),
    ];
    Query { sort: Some(event_fields::STARTS_AT), lane: Lane::Search, ..Query::all(conditions) }
}
