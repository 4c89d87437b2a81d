//! What the experiments know of the services and of what they store.

use std::sync::LazyLock;

use ports::store::{Collection, Record};
use server::services::{ServiceName, ServicesSettings};

/// By service, in the order of [`ServiceName::ALL`].
static COLLECTIONS: LazyLock<[&[&Collection]; ServiceName::ALL.len()]> =
    LazyLock::new(|| ServiceName::ALL.map(|name| name.definition(&ServicesSettings::default()).collections));

/// Makes what is made once, if it is not made yet.
pub(crate) fn make_known() {
    LazyLock::force(&COLLECTIONS);
}

/// What a service keeps in its database.
pub(crate) fn collections(of: ServiceName) -> &'static [&'static Collection] {
    COLLECTIONS[of as usize]
}

/// The collection of a service with this name.
///
/// # Panics
/// If it has none.
pub(crate) fn collection(of: ServiceName, name: &str) -> &'static Collection {
    let found = collections(of).iter().find(|collection| collection.name == name);
    found.unwrap_or_else(|| panic!("{of} has no collection {name}"))
}

/// The version of an aggregate that other services know: a record says so where it is not the number of
/// its revision.
pub(crate) fn published_version(record: &Record) -> u64 {
    record.field("publishedVersion").as_u64().unwrap_or(record.revision.0)
}
