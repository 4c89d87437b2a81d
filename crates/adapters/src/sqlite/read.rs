use common::store::{Collection, Query, Record, StoreError};
use common::version::Version;
use rusqlite::{Connection, OptionalExtension, Row, params_from_iter};

use super::error::store_error;
use super::query::Statement;
use super::sql;

/// The record with this id.
pub(super) fn get(connection: &Connection, collection: &Collection, id: &str) -> Result<Option<Record>, StoreError> {
    let text = format!("SELECT id, version, body FROM {} WHERE id = ?", sql::table(collection));
    connection
        .prepare_cached(&text)
        .and_then(|mut statement| statement.query_row([id], columns).optional())
        .map_err(|error| store_error(&error))?
        .map(|row| record(collection, row))
        .transpose()
}

/// The records that answer a query.
pub(super) fn find(connection: &Connection, collection: &Collection, query: &Query) -> Result<Vec<Record>, StoreError> {
    let Statement { text, parameters } = Statement::find(collection, query);
    let mut statement = connection.prepare_cached(&text).map_err(|error| store_error(&error))?;
    let rows = statement.query_map(params_from_iter(parameters), columns).map_err(|error| store_error(&error))?;
    rows.map(|row| record(collection, row.map_err(|error| store_error(&error))?)).collect()
}

type Columns = (String, i64, String);

fn columns(row: &Row) -> Result<Columns, rusqlite::Error> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn record(collection: &Collection, (id, version, body): Columns) -> Result<Record, StoreError> {
    let corrupt = |error: String| StoreError::Corrupt(format!("{} {id}: {error}", collection.name));
    let version = u64::try_from(version).map_err(|error| corrupt(error.to_string()))?;
    let body = serde_json::from_str(&body).map_err(|error| corrupt(error.to_string()))?;
    Ok(Record { id, version: Version(version), body })
}
