use common::id::EventId;
use common::money::Currency;
use common::time::Timestamp;
use common::version::Version;
use common::zone::ZonedTime;
use ports::store::{Collection, Index};
use runtime::store::Stored;
use serde::{Deserialize, Serialize};

use crate::domain::{Event, EventStatus, ShortText, Slug, Tier, Venue, search_words};

/// An event as it is stored: the event itself, and what it is found and sorted by.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventRecord {
    id: EventId,
    slug: Slug,
    name: ShortText,
    venue: Venue,
    /// What a clock at the venue shows, and the zone: the moment is derived, and if the rules of the zone change, so does it.
    starts_at: ZonedTime,
    currency: Currency,
    #[serde(default)]
    tiers: Vec<Tier>,
    status: EventStatus,
    #[serde(default)]
    changes: Version,
    #[serde(skip_deserializing)]
    found_by: FoundBy,
}

/// Derived from the rest whenever an event is stored.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundBy {
    /// The words of its name, its venue and its city.
    words: Vec<String>,
    starts_at: Option<Timestamp>,
}

/// The fields of the record that events are found and sorted by.
pub(crate) mod event_fields {
    /// What it is called in addresses.
    pub(crate) const SLUG: &str = "slug";
    /// One of [`event_states`](super::event_states).
    pub(crate) const STATUS: &str = "status";
    /// When it begins.
    pub(crate) const STARTS_AT: &str = "foundBy.startsAt";
    /// The words it is found by.
    pub(crate) const WORDS: &str = "foundBy.words";
    /// Each of them.
    pub(super) const EACH_WORD: &str = "foundBy.words[]";
}

/// The values of [`event_fields::STATUS`].
pub(crate) mod event_states {
    /// Of the events that one can go to.
    pub(crate) const AHEAD: &[&str] = &["public", "moved"];
    /// Of those that are not what they were when they were added.
    pub(crate) const CHANGED: &[&str] = &["moved", "cancelled"];
}

/// The unique index of what events are called in addresses.
pub(crate) const ONE_EVENT_PER_SLUG: &str = "one_event_per_slug";

static COLLECTION: Collection = Collection {
    name: "events",
    indexes: &[
        Index { name: ONE_EVENT_PER_SLUG, fields: &[event_fields::SLUG], unique: true, only: None },
        Index::among(event_fields::STATUS, event_states::AHEAD, "by_date", &[event_fields::STARTS_AT]),
        Index::among(event_fields::STATUS, event_states::AHEAD, "words", &[event_fields::EACH_WORD]),
        Index::among(event_fields::STATUS, event_states::CHANGED, "changed", &[event_fields::STARTS_AT]),
    ],
};

impl Stored for Event {
    const COLLECTION: &'static Collection = &COLLECTION;

    type Record = EventRecord;

    fn id(&self) -> String {
        self.id.to_string()
    }
}

impl From<Event> for EventRecord {
    fn from(event: Event) -> Self {
        let Event { id, slug, name, venue, starts_at, currency, tiers, status, changes } = event;
        let words = search_words([name.as_str(), venue.name.as_str(), venue.city.as_str()]);
        let found_by = FoundBy { words, starts_at: Some(starts_at.moment) };
        Self { id, slug, name, venue, starts_at, currency, tiers, status, changes, found_by }
    }
}

impl From<EventRecord> for Event {
    fn from(record: EventRecord) -> Self {
        let EventRecord { id, slug, name, venue, starts_at, currency, tiers, status, changes, found_by: _ } = record;
        Self { id, slug, name, venue, starts_at, currency, tiers, status, changes }
    }
}

#[cfg(test)]
mod tests {
    use common::outcome::Outcome;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::event;

    #[test]
    fn an_event_reads_back_as_it_was_and_is_kept_in_the_time_of_its_venue() {
        let mut gala = event("Gala");
        assert_eq!(gala.cancel(), Outcome::Changed(()));
        let record = serde_json::to_value(EventRecord::from(gala.clone())).expect("serialises");
        assert_eq!(record["startsAt"], "2027-06-12T19:30:00+02:00[Europe/Berlin]");
        assert_eq!(record["foundBy"]["startsAt"], "2027-06-12T17:30:00.000Z");
        assert_eq!(record["foundBy"]["words"], json!(["gala", "grosse", "halle", "berlin"]));
        let indexed = Event::COLLECTION.indexed_fields();
        for field in indexed.into_iter().chain([event_fields::WORDS]) {
            let at_path = field.split('.').try_fold(&record, |value: &Value, name| value.get(name));
            assert!(at_path.is_some(), "{field}");
        }
        let read: EventRecord = serde_json::from_value(record).expect("reads");
        assert_eq!(Event::from(read), gala);
    }
}
