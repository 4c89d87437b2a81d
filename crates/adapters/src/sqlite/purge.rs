use ports::store::{Collection, Condition};
use rusqlite::{Transaction, params_from_iter};

use super::query::Statement;
use super::sql;

/// How many records are removed at once, so that commits do not wait long behind a large purge.
pub(super) const CHUNK: u64 = 1000;

/// Removes at most [`CHUNK`] records that meet the conditions and have no unpublished events;
/// returns how many.
pub(super) fn apply(
    transaction: &Transaction,
    collection: &Collection,
    conditions: &[Condition],
) -> Result<u64, rusqlite::Error> {
    let (table, outbox) = (sql::table(collection), sql::outbox(collection));
    let mut statement = Statement::default();
    statement.push(&format!("DELETE FROM {table} WHERE id IN (SELECT id FROM {table} WHERE "));
    statement.conditions(collection, conditions);
    statement.push(&format!(" AND NOT EXISTS (SELECT 1 FROM {outbox} WHERE record_id = {table}.id) LIMIT {CHUNK})"));
    let mut delete = transaction.prepare_cached(&statement.text)?;
    Ok(delete.execute(params_from_iter(statement.parameters))? as u64)
}
