//! What search engines are told of: the events ahead and the tickets for sale, in numbered parts.
//!
//! All of them are read at most once an hour, some at a time, when somebody asks: then each part comes from memory,
//! however many there are and whoever asks for them. What was listed since is told of an hour later at the latest, and
//! of what was sold meanwhile its own page says so.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use common::id::TicketId;
use common::time::Timestamp;
use ports::clock::Clock;
use ports::store::{Cursor, StoreError};
use tokio::sync::Mutex;

use crate::domain::Slug;
use crate::events::Events;
use crate::store::TicketStore;

/// How many addresses a part has at most: sitemaps may have 50,000.
const PART: usize = 10_000;
/// How many records are read at once, so that others are served between two reads.
const STEP: usize = 1_000;
/// How many events, and how many tickets, search engines are told of: the next ones, if there are more.
const MOST: usize = 1_000_000;
/// How long what was read is told.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// Reads and keeps them. Clones share what is kept.
#[derive(Clone)]
pub(crate) struct Sitemap {
    events: Events,
    tickets: TicketStore,
    clock: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    kept: Option<Arc<Entries>>,
    reading: Option<Reading>,
}

/// All that search engines are told of.
#[derive(Debug, PartialEq)]
pub(crate) struct Entries {
    read_at: Timestamp,
    events: Vec<Slug>,
    tickets: Vec<TicketId>,
}

/// Entries that are being read. Whoever waits for them may give up; the next one goes on from here.
struct Reading {
    entries: Entries,
    next: Next,
}

/// What is read next, after what is known.
enum Next {
    Events(Option<Cursor>),
    Tickets(Option<Cursor>),
    Nothing,
}

impl Sitemap {
    pub(crate) fn new(events: Events, tickets: TicketStore, clock: Clock) -> Self {
        Self { events, tickets, clock, state: Arc::default() }
    }

    /// What they are told of, as it was at some time in the last hour.
    pub(crate) async fn entries(&self) -> Result<Arc<Entries>, StoreError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        if let Some(kept) = state.kept.as_ref().filter(|kept| now < kept.read_at + KEPT) {
            return Ok(kept.clone());
        }
        let begun = state.reading.take().filter(|reading| now < reading.entries.read_at + KEPT);
        let reading = state.reading.insert(begun.unwrap_or_else(|| Reading::begin(now)));
        while !matches!(reading.next, Next::Nothing) {
            self.read(reading).await?;
        }
        let entries = state.reading.take().map(|reading| Arc::new(reading.entries));
        state.kept = entries;
        // It was there a moment ago.
        state.kept.clone().ok_or_else(|| StoreError::Corrupt("nothing was read".into()))
    }

    /// Reads some more.
    async fn read(&self, reading: &mut Reading) -> Result<(), StoreError> {
        let Reading { entries, next } = reading;
        *next = match next {
            Next::Events(after) => {
                let page = self.events.ahead(entries.read_at, after.clone(), STEP).await?;
                entries.events.extend(page.items.into_iter().map(|event| event.value.slug));
                let after = page.next.filter(|_| entries.events.len() < MOST);
                after.map_or(Next::Tickets(None), |after| Next::Events(Some(after)))
            }
            Next::Tickets(after) => {
                let page = self.tickets.for_sale(entries.read_at, after.clone(), STEP).await?;
                entries.tickets.extend(page.items.into_iter().map(|ticket| ticket.value.id));
                let after = page.next.filter(|_| entries.tickets.len() < MOST);
                after.map_or(Next::Nothing, |after| Next::Tickets(Some(after)))
            }
            Next::Nothing => Next::Nothing,
        };
        Ok(())
    }
}

impl Reading {
    fn begin(now: Timestamp) -> Self {
        Self { entries: Entries { read_at: now, events: Vec::new(), tickets: Vec::new() }, next: Next::Events(None) }
    }
}

impl Entries {
    /// How many parts there are: at least one, be it empty.
    pub(crate) fn parts(&self) -> usize {
        (self.events.len() + self.tickets.len()).div_ceil(PART).max(1)
    }

    /// One of them, counted from 1.
    pub(crate) fn part(&self, number: usize) -> Option<(&[Slug], &[TicketId])> {
        let wanted = number.checked_sub(1).filter(|index| *index < self.parts())? * PART;
        let (wanted, events) = (wanted..wanted.saturating_add(PART), self.events.len());
        let tickets = wanted.start.saturating_sub(events)..wanted.end.saturating_sub(events);
        Some((within(&self.events, wanted), within(&self.tickets, tickets)))
    }
}

/// As much of the range as there is.
fn within<T>(all: &[T], range: Range<usize>) -> &[T] {
    let range = range.start.min(all.len())..range.end.min(all.len());
    all.get(range).unwrap_or_default()
}

#[cfg(test)]
mod tests;
