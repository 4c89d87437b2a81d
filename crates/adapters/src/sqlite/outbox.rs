use common::events::Envelope;
use common::time::Timestamp;
use ports::store::{OutboxEntry, OutboxKey, StoreError};
use rusqlite::{Connection, params};

use super::sql;
use super::table::Table;
use crate::database::store_error;

/// An event ready to be stored.
pub(super) struct PreparedEvent {
    id: String,
    time: i64,
    envelope: String,
}

impl PreparedEvent {
    pub(super) fn new(event: &Envelope) -> Result<Self, StoreError> {
        let envelope = serde_json::to_string(event).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(Self { id: event.id.clone(), time: event.time.as_millis(), envelope })
    }
}

/// Adds the events of one commit. Rows are numbered in the order they are added, which is the order
/// of a record's versions.
pub(super) fn add(
    connection: &Connection,
    table: Table,
    record_id: &str,
    events: &[PreparedEvent],
) -> Result<(), rusqlite::Error> {
    if events.is_empty() {
        return Ok(());
    }
    let text = format!("INSERT INTO {} (record_id, event_id, time, envelope) VALUES (?, ?, ?, ?)", sql::outbox(table));
    let mut insert = connection.prepare_cached(&text)?;
    for event in events {
        insert.execute(params![record_id, event.id, event.time, event.envelope])?;
    }
    Ok(())
}

/// Removes events; returns how many there were.
pub(super) fn clear(connection: &Connection, table: Table, events: &[OutboxKey]) -> Result<u64, rusqlite::Error> {
    let text = format!("DELETE FROM {} WHERE record_id = ? AND event_id = ?", sql::outbox(table));
    let mut delete = connection.prepare_cached(&text)?;
    let mut cleared = 0;
    for event in events {
        cleared += delete.execute([&event.record_id, &event.event_id])? as u64;
    }
    Ok(cleared)
}

/// The oldest events that are older than `before`.
pub(super) fn unpublished(
    connection: &Connection,
    table: Table,
    before: Timestamp,
    limit: usize,
) -> Result<Vec<OutboxEntry>, StoreError> {
    let text = format!("SELECT record_id, envelope FROM {} WHERE time < ? ORDER BY seq LIMIT ?", sql::outbox(table));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<(String, String)> = connection
        .prepare_cached(&text)
        .and_then(|mut select| {
            select.query_map(params![before.as_millis(), limit], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .map_err(|error| store_error(&error))?;
    rows.into_iter()
        .map(|(record_id, envelope)| {
            let envelope = serde_json::from_str(&envelope)
                .map_err(|error| StoreError::Corrupt(format!("an event of {} {record_id}: {error}", table.name())))?;
            Ok(OutboxEntry { record_id, envelope })
        })
        .collect()
}
