use ports::store::Condition;
use rusqlite::{Connection, params_from_iter};

use super::query::Statement;
use super::sql;
use super::table::Table;

/// How many records are removed at once, so that commits do not wait long behind a large purge.
pub(super) const CHUNK: u64 = 1000;

/// Removes at most [`CHUNK`] records that meet the conditions and have no unpublished events;
/// returns how many.
pub(super) fn apply(
    db: &Connection,
    table: Table,
    has_outbox: bool,
    conditions: &[Condition],
) -> Result<u64, rusqlite::Error> {
    let records = sql::table(table);
    let mut statement = Statement::default();
    statement.push(&format!("DELETE FROM {records} WHERE id IN (SELECT id FROM {records} WHERE "));
    statement.conditions(table, conditions);
    if has_outbox {
        let outbox = sql::outbox(table);
        statement.push(&format!(" AND NOT EXISTS (SELECT 1 FROM {outbox} WHERE record_id = {records}.id)"));
    }
    statement.push(&format!(" LIMIT {CHUNK})"));
    let mut delete = db.prepare_cached(&statement.text)?;
    Ok(delete.execute(params_from_iter(statement.parameters))? as u64)
}
