//! Events that are published and still in their records' outboxes.
//!
//! To take them out costs a write of each record. Many records are soon written anyway: a payment that has begun is
//! captured, an order that was placed is paid. Such a write takes along what has been published by then; for the
//! others as many as possible are cleared with one command.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ports::store::OutboxKey;

/// The ids of a collection's published events, by record. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Published(Arc<Mutex<HashMap<String, Vec<String>>>>);

/// Events that are among them until this is dropped, or a write takes them along.
pub(super) struct Waiting<'a> {
    published: &'a Published,
    events: &'a [OutboxKey],
}

impl Published {
    /// Adds events.
    pub(super) fn wait<'a>(&'a self, events: &'a [OutboxKey]) -> Waiting<'a> {
        let mut published = self.lock();
        for event in events {
            published.entry(event.record_id.clone()).or_default().push(event.event_id.clone());
        }
        Waiting { published: self, events }
    }

    /// Those of a record.
    pub(super) fn of(&self, record: &str) -> Vec<String> {
        self.lock().get(record).cloned().unwrap_or_default()
    }

    /// A write of the record has taken these along.
    pub(super) fn taken(&self, record: &str, events: &[String]) {
        self.remove(record, |event| events.iter().any(|taken| taken == event));
    }

    fn remove(&self, record: &str, is_gone: impl Fn(&str) -> bool) {
        let mut published = self.lock();
        let Some(events) = published.get_mut(record) else { return };
        events.retain(|event| !is_gone(event));
        if events.is_empty() {
            published.remove(record);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting<'_> {
    /// Those that no write has taken along.
    pub(super) fn rest(&self) -> Vec<OutboxKey> {
        let published = self.published.lock();
        let waits = |event: &&OutboxKey| published.get(&event.record_id).is_some_and(|of| of.contains(&event.event_id));
        self.events.iter().filter(waits).cloned().collect()
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        for event in self.events {
            self.published.remove(&event.record_id, |other| other == event.event_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(record: &str, event: &str) -> OutboxKey {
        OutboxKey { record_id: record.into(), event_id: event.into() }
    }

    #[test]
    fn what_a_write_takes_along_waits_no_more() {
        let published = Published::default();
        let events = [key("a", "a:0"), key("a", "a:1"), key("b", "b:0")];
        let waiting = published.wait(&events);
        assert_eq!(published.of("a"), ["a:0", "a:1"]);
        assert_eq!(published.of("c"), [""; 0]);
        published.taken("a", &["a:0".into()]);
        assert_eq!(waiting.rest(), events[1..]);
        drop(waiting);
        assert!(published.lock().is_empty(), "nothing is kept forever");
    }
}
