//! The events that somebody looks for, page by page.

use std::time::Duration;

use common::time::Timestamp;
use ports::store::{Condition, Cursor, Query, SoughtText, StoreError};
use runtime::http::MAX_LIMIT;
use runtime::store::Page;

use super::{Events, are_ahead};
use crate::domain::{Event, SoughtWord};
use crate::store::event_fields;

/// How far the day at a venue is away from the day in UTC, and more.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Which of the next events somebody looks for.
#[derive(Debug, Default)]
pub(crate) struct SoughtEvents {
    /// Words in name, venue and city begin like all of these.
    pub(crate) words: Vec<SoughtWord>,
    /// Days at the venue, as `parse_day` makes them; so is `to_day`.
    pub(crate) from_day: Option<String>,
    pub(crate) to_day: Option<String>,
    pub(crate) after: Option<Cursor>,
    pub(crate) limit: usize,
}

impl SoughtEvents {
    /// Whether the event begins on one of the days that are sought.
    fn is_on_a_day(&self, event: &Event) -> bool {
        let day = event.starts_at.wall_time().day();
        self.from_day.as_ref().is_none_or(|first| *first <= day) && self.to_day.as_ref().is_none_or(|last| day <= *last)
    }

    fn has_days(&self) -> bool {
        self.from_day.is_some() || self.to_day.is_some()
    }

    /// What finds all events that are sought, and beside them some of the days before and after.
    fn query(&self, now: Timestamp) -> Query {
        let mut query = are_ahead(now);
        query.conditions.extend(self.words.iter().map(begins_with));
        let midnight = |day: &Option<String>| Timestamp::parse(&format!("{}T00:00:00Z", day.as_ref()?)).ok();
        let earliest = midnight(&self.from_day).map(|midnight| (midnight - A_DAY).to_string());
        let latest = midnight(&self.to_day).map(|midnight| (midnight + 2 * A_DAY).to_string());
        let bounds = [
            earliest.map(|moment| Condition::AtLeast(event_fields::STARTS_AT, moment.into())),
            latest.map(|moment| Condition::AtMost(event_fields::STARTS_AT, moment.into())),
        ];
        query.conditions.extend(bounds.into_iter().flatten());
        Query { after: self.after.clone(), ..query }
    }
}

impl Events {
    /// One page of the next events that are sought, the soonest first.
    pub(crate) async fn find(&self, sought: &SoughtEvents, now: Timestamp) -> Result<Page<Event>, StoreError> {
        let mut query = sought.query(now);
        if !sought.has_days() {
            return self.0.page(query, sought.limit).await;
        }
        let mut found = Vec::new();
        loop {
            let Page { items, next } = self.0.page(query.clone(), MAX_LIMIT).await?;
            found.extend(items.into_iter().filter(|event| sought.is_on_a_day(event)));
            if found.len() > sought.limit {
                found.truncate(sought.limit);
                let next = found.last().map(|last| after(last));
                return Ok(Page { items: found, next });
            }
            if next.is_none() {
                return Ok(Page { items: found, next: None });
            }
            query.after = next;
        }
    }
}

/// The position just after the event among those that are ahead.
fn after(event: &Event) -> Cursor {
    Cursor { value: event.starts_at.moment.to_string().into(), id: event.id.to_string() }
}

/// Some word begins like this one, however it is spelled.
fn begins_with(word: &SoughtWord) -> Condition {
    let spellings = word.spellings().iter().cloned().map(SoughtText::Beginning);
    Condition::HasAny(event_fields::WORDS, spellings.collect())
}
