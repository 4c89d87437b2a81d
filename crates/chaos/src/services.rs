//! What the experiments know about the services and their data.

use std::sync::LazyLock;

use ports::store::{Collection, Record};
use server::services::{ServiceName, ServicesSettings};

/// By service, in the order of [`ServiceName::ALL`].
static COLLECTIONS: LazyLock<[&[&Collection]; ServiceName::ALL.len()]> =
    LazyLock::new(|| ServiceName::ALL.map(|name| name.definition(&ServicesSettings::default()).collections));

/// Initialises process-wide statics, if they are not initialised yet.
pub(crate) fn make_known() {
    LazyLock::force(&COLLECTIONS);
}

/// The collections of a service.
pub(crate) fn collections(of: ServiceName) -> &'static [&'static Collection] {
    COLLECTIONS[of as usize]
}

/// The collection of a service with this name.
///
/// # Panics
/// If there is none.
pub(crate) fn collection(of: ServiceName, name: &str) -> &'static Collection {
    let found = collections(of).iter().find(|collection| collection.name == name);
    found.unwrap_or_else(|| panic!("{of} has no collection {name}"))
}

/// The version of an aggregate known to other services: stored in the record if it differs from its
/// revision.
pub(crate) fn published_version(record: &Record) -> u64 {
    record.field("publishedVersion").as_u64().unwrap_or(record.revision.0)
}

/// Whether a record is not an order, but an edition of a ticket that no order can be made of any more:
/// orders keeps them together.
pub(crate) fn is_closed_edition(record: &Record) -> bool {
    record.field("status") == "closed"
}

/// The events that services process, as against the ends of sessions, which all of them only watch.
#[cfg(test)]
pub(crate) fn events_with_consumers() -> Vec<&'static str> {
    use common::events::{EVENT_TYPES, Event, SessionRevoked};
    EVENT_TYPES.iter().map(|event| event.name).filter(|name| *name != SessionRevoked::TYPE).collect()
}
