//! How a page is found of what many records have: by following the index that has them in the order of the page, past
//! those that do not match, until the page is full.

use ports::store::{Condition, Index, Query, Record, StoreError};
use rusqlite::{Connection, Row, params_from_iter};

use super::cache::Stored;
use super::query::Statement;
use super::read::record;
use super::search::is_covered;
use super::table::Table;
use crate::database::store_error;

/// The page; `None` if so many records do not fill it, or no index has them in its order.
pub(super) fn page(
    connection: &Connection,
    table: Table,
    query: &Query,
    records: usize,
) -> Result<Option<Vec<Record>>, StoreError> {
    let (Some(limit), Some(index)) = (query.limit, index_in_order(table, query)) else { return Ok(None) };
    let Statement { text, parameters } = Statement::walk(table, query, index);
    let mut statement = connection.prepare_cached(&text).map_err(|error| store_error(&error))?;
    let mut rows = statement.query(params_from_iter(parameters)).map_err(|error| store_error(&error))?;
    let (mut found, mut passed) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(|error| store_error(&error))? {
        if found.len() >= limit {
            return Ok(Some(found));
        }
        if passed == records {
            return Ok(None);
        }
        passed += 1;
        if let Some((id, stored)) = matching(row).map_err(|error| store_error(&error))? {
            found.push(record(table.collection, id, &stored)?);
        }
    }
    Ok(Some(found))
}

/// What is in a row, if it matches.
fn matching(row: &Row) -> Result<Option<(String, Stored)>, rusqlite::Error> {
    let Some(body) = row.get(2)? else { return Ok(None) };
    Ok(Some((row.get(0)?, Stored { revision: row.get(1)?, body })))
}

/// The index that has the records in the query's order, unless another one leads to fewer of them.
fn index_in_order(table: Table, query: &Query) -> Option<&'static Index> {
    let equals = |condition: &Condition| match condition {
        Condition::Equals(field, _) => Some(*field),
        _ => None,
    };
    let equal: Vec<&str> = query.conditions.iter().filter_map(equals).collect();
    table.collection.indexes.iter().find(|index| {
        let Some((last, before)) = index.fields.split_last() else { return false };
        let of_what = index.only.as_ref().map(|only| only.field);
        Some(*last) == query.sort
            && is_covered(index, &query.conditions)
            && before.iter().all(|field| equal.contains(field))
            && equal.iter().all(|field| index.fields.contains(field) || of_what == Some(*field))
    })
}
