mod slug;
mod tier;

pub(crate) use slug::Slug;
pub(crate) use tier::{InvalidTier, Tier};

use common::events::EventDetails;
use common::id::EventId;
use common::money::{Currency, Price};
use common::outcome::Outcome;
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;
use serde::{Deserialize, Serialize};
use wording::search_text;

use super::price_cap::PriceCap;
use super::search_words::search_words;
use super::short_text::{MAX_CHARS, ShortText};

/// A concert, a match, a play: what tickets admit to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) id: EventId,
    pub(crate) slug: Slug,
    pub(crate) name: ShortText,
    pub(crate) venue: Venue,
    pub(crate) starts_at: ZonedTime,
    /// Of all tickets to it.
    pub(crate) currency: Currency,
    /// The kinds of tickets there are, if that is known.
    pub(crate) tiers: Vec<Tier>,
    pub(crate) status: EventStatus,
    /// How often it has been moved or cancelled.
    pub(crate) changes: Version,
}

/// Where an event takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Venue {
    pub(crate) name: ShortText,
    pub(crate) city: ShortText,
    pub(crate) country: ShortText,
}

/// How an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum EventStatus {
    /// It takes place as it says.
    Public,
    /// It takes place at another time, or in another place, than it said first.
    Moved,
    /// It does not take place.
    Cancelled,
}

/// What somebody says about an event that is not known yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EventForm {
    pub(crate) name: ShortText,
    pub(crate) venue: Venue,
    pub(crate) starts_at: ZonedTime,
    pub(crate) currency: Currency,
    pub(crate) tiers: Vec<Tier>,
}

/// Why an event is not added, or not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidEvent {
    /// It has begun, or would have.
    #[error("Start must be in the future")]
    Begun,
    /// It does not take place.
    #[error("This event is cancelled")]
    Cancelled,
    /// A ticket to it has no place for where it is.
    #[error("Venue and city must be at most {} characters together", MAX_CHARS - 2)]
    LongVenue,
}

/// When it begins, to the minute, if it can take place there and then.
fn check(venue: &Venue, starts_at: ZonedTime, now: Timestamp) -> Result<ZonedTime, InvalidEvent> {
    let starts_at = starts_at.to_the_minute();
    if starts_at.moment <= now {
        Err(InvalidEvent::Begun)
    } else if venue.in_one_line().chars().count() > MAX_CHARS {
        Err(InvalidEvent::LongVenue)
    } else {
        Ok(starts_at)
    }
}

/// The words of a text. One without any, such as "?!", is compared as it is.
fn words(text: &ShortText) -> Vec<String> {
    let words = search_words([text.as_str()]);
    if words.is_empty() { vec![search_text(text.as_str())] } else { words }
}

impl Venue {
    /// As a ticket says it.
    fn in_one_line(&self) -> String {
        format!("{}, {}", self.name.as_str(), self.city.as_str())
    }
}

impl Event {
    /// A new event. It begins at a whole minute, so that what two people say of one is the same.
    ///
    /// # Errors
    /// If it has begun, or its venue's name is too long.
    pub(crate) fn add(id: EventId, form: EventForm, now: Timestamp) -> Result<Self, InvalidEvent> {
        let EventForm { name, venue, starts_at, currency, tiers } = form;
        let starts_at = check(&venue, starts_at, now)?;
        let day = starts_at.wall_time().day();
        let slug = Slug::of(&[name.as_str(), venue.city.as_str(), &day]);
        let (status, changes) = (EventStatus::Public, Version::FIRST);
        Ok(Self { id, slug, name, venue, starts_at, currency, tiers, status, changes })
    }

    /// It takes place at another time, or in another place. What it is called in addresses stays.
    ///
    /// # Errors
    /// If it is cancelled, would have begun, or the venue's name is too long.
    pub(crate) fn move_to(
        &mut self,
        venue: Venue,
        starts_at: ZonedTime,
        now: Timestamp,
    ) -> Result<Outcome<()>, InvalidEvent> {
        if self.status == EventStatus::Cancelled {
            return Err(InvalidEvent::Cancelled);
        }
        let starts_at = check(&venue, starts_at, now)?;
        if self.venue == venue && self.starts_at == starts_at {
            return Ok(Outcome::Unchanged);
        }
        (self.venue, self.starts_at, self.status) = (venue, starts_at, EventStatus::Moved);
        self.changes = self.changes.next();
        Ok(Outcome::Changed(()))
    }

    /// It does not take place, for good.
    pub(crate) fn cancel(&mut self) -> Outcome<()> {
        if self.status == EventStatus::Cancelled {
            return Outcome::Unchanged;
        }
        (self.status, self.changes) = (EventStatus::Cancelled, self.changes.next());
        Outcome::Changed(())
    }

    /// Whether it is what somebody else has added already, however they spell it: what counts are the words.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let said = |event: &Self| [&event.name, &event.venue.name, &event.venue.city].map(words);
        self.starts_at.moment == other.starts_at.moment && said(self) == said(other)
    }

    /// What a ticket to it says of it, beside its own seat.
    pub(crate) fn admit(&self, seat: EventDetails) -> EventDetails {
        EventDetails {
            event: Some(self.name.as_str().to_owned()),
            venue: Some(self.venue.in_one_line()),
            starts_at: Some(self.starts_at.moment),
            time_zone: Some(self.starts_at.zone.clone()),
            event_id: Some(self.id),
            ..seat
        }
    }

    /// The tier that is called so, as the event spells it. An event whose tiers are not known may have any.
    ///
    /// # Errors
    /// If it has others.
    pub(crate) fn tier(&self, name: String) -> Result<String, InvalidTier> {
        tier::find(&self.tiers, name)
    }

    /// The highest price of tickets of a tier. Only a tier with a face value has one.
    pub(crate) fn highest_price(&self, tier: &str, cap: PriceCap) -> Option<Price> {
        tier::highest_price(&self.tiers, tier, cap)
    }
}

#[cfg(test)]
mod tests;
