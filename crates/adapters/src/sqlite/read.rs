use ports::store::{Collection, Condition, Query, Record, Revision, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::cache::Stored;
use super::query::Statement;
use super::search::{self, Candidates};
use super::sql;
use super::table::Table;
use crate::database::store_error;

/// The record with this id.
pub(super) fn get(connection: &Connection, table: Table, id: &str) -> Result<Option<Stored>, StoreError> {
    let text = format!("SELECT version, body FROM {} WHERE id = ?", sql::table(table));
    let stored = |row: &Row| Ok(Stored { revision: row.get(0)?, body: row.get(1)? });
    connection
        .prepare_cached(&text)
        .and_then(|mut statement| statement.query_row([id], stored).optional())
        .map_err(|error| store_error(&error))
}

/// The records that match a query.
pub(super) fn find(connection: &Connection, table: Table, query: &Query) -> Result<Vec<Record>, StoreError> {
    if !query.conditions.iter().any(|condition| matches!(condition, Condition::HasAny(..))) {
        return find_among(connection, table, query, &Candidates::WithAll(Vec::new()));
    }
    // What the index says and what the records say are of the same moment.
    let reading = connection.unchecked_transaction().map_err(|error| store_error(&error))?;
    search::find(&reading, table, query, search::LIMITS)
}

/// The records that match a query and are among the candidates.
pub(super) fn find_among(
    connection: &Connection,
    table: Table,
    query: &Query,
    candidates: &Candidates,
) -> Result<Vec<Record>, StoreError> {
    let Statement { text, parameters } = Statement::find(table, query, candidates);
    let mut statement = connection.prepare_cached(&text).map_err(|error| store_error(&error))?;
    let columns = |row: &Row| Ok((row.get(0)?, Stored { revision: row.get(1)?, body: row.get(2)? }));
    let rows = statement.query_map(params_from_iter(parameters), columns).map_err(|error| store_error(&error))?;
    rows.map(|row| {
        let (id, stored) = row.map_err(|error| store_error(&error))?;
        record(table.collection, id, &stored)
    })
    .collect()
}

/// The record in what is stored.
pub(super) fn record(collection: &Collection, id: String, stored: &Stored) -> Result<Record, StoreError> {
    let corrupt = |error: String| StoreError::Corrupt(format!("{} {id}: {error}", collection.name));
    let revision = u64::try_from(stored.revision).map_err(|error| corrupt(error.to_string()))?;
    let body = serde_json::from_str(&stored.body).map_err(|error| corrupt(error.to_string()))?;
    Ok(Record { id, revision: Revision(revision), body })
}
