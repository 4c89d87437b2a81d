//! What the service does by itself.

mod follow_changes;

pub(crate) use follow_changes::follow_changes;
