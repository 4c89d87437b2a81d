use ports::store::Collection;

/// Where a service's collection is in the database: in a table with both their names, as services share the database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) service: &'static str,
    pub(super) collection: &'static Collection,
}

impl Table {
    /// Its name. It comes from declarations, never from a request.
    pub(super) fn name(self) -> String {
        name(self.service, self.collection.name)
    }
}

/// The name of the table of a service's collection.
pub(crate) fn name(service: &str, collection: &str) -> String {
    format!("{service}.{collection}")
}
