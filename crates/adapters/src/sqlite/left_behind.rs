//! What is left in outboxes when the bus moves into the database: from a version in which each service had a file of
//! its own, or from a time with another bus.

use common::events::Envelope;
use rusqlite::Connection;

use super::sql;
use super::table::Table;
use crate::database::undo;
use crate::local::{Publisher, WrittenEvents, envelope_of};

/// Moves what is in the tables' outboxes to the bus's log, and removes the outboxes; all or nothing.
pub(super) fn publish(db: &Connection, tables: &[Table], publisher: &Publisher) -> rusqlite::Result<WrittenEvents> {
    let mut events = Vec::new();
    let taken = tables.iter().try_for_each(|table| take(db, *table, &mut events));
    taken.and_then(|()| publisher.write_left_behind(db, events)).inspect_err(|error| undo(db, error))
}

/// Takes the events out of an outbox, if there is one, in the order of their commits.
fn take(db: &Connection, table: Table, events: &mut Vec<Envelope>) -> rusqlite::Result<()> {
    if !db.table_exists(None, sql::outbox_name(&table.name()).as_str())? {
        return Ok(());
    }
    let outbox = sql::outbox(table);
    let mut select = db.prepare(&format!("SELECT envelope FROM {outbox} ORDER BY seq"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        events.push(envelope_of(row, 0)?);
    }
    drop(rows);
    drop(select);
    db.execute_batch(&format!("DROP TABLE {outbox}"))
}
