use std::collections::{HashMap, HashSet};

use ports::store::{Collection, Index, StoreError};
use rusqlite::{Connection, ErrorCode, Transaction};

use super::error::store_error;
use super::{lists, sql};

/// Makes the tables and indexes match the collections' declarations, all or nothing.
pub(super) fn prepare(connection: &mut Connection, collections: &[&'static Collection]) -> Result<(), StoreError> {
    let transaction = connection.transaction().map_err(|error| store_error(&error))?;
    for collection in collections {
        tables(&transaction, collection).map_err(|error| store_error(&error))?;
        lists::prepare(&transaction, collection).map_err(|error| store_error(&error))?;
        indexes(&transaction, collection)?;
    }
    transaction.commit().map_err(|error| store_error(&error))
}

fn tables(transaction: &Transaction, collection: &Collection) -> Result<(), rusqlite::Error> {
    let (table, outbox) = (sql::table(collection), sql::outbox(collection));
    let by_record = sql::quoted(&format!("{}$outbox.record", collection.name));
    transaction.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {table}
             (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS {outbox}
             (seq INTEGER PRIMARY KEY, record_id TEXT NOT NULL, event_id TEXT NOT NULL,
              time INTEGER NOT NULL, envelope TEXT NOT NULL);
         CREATE INDEX IF NOT EXISTS {by_record} ON {outbox} (record_id, event_id);"
    ))?;
    let present: HashSet<String> = transaction
        .prepare("SELECT name FROM pragma_table_xinfo(?)")?
        .query_map([collection.name], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for field in collection.indexed_fields() {
        let name = sql::column_name(field);
        if !present.contains(&name) {
            let (column, path) = (sql::quoted(&name), sql::path(field));
            transaction.execute_batch(&format!(
                "ALTER TABLE {table} ADD COLUMN {column} GENERATED ALWAYS AS (body ->> {path}) VIRTUAL"
            ))?;
        }
    }
    Ok(())
}

/// Creates the declared indexes, again if their declaration has changed, and drops those that are no
/// longer declared.
fn indexes(transaction: &Transaction, collection: &Collection) -> Result<(), StoreError> {
    let mut present = present_indexes(transaction, collection).map_err(|error| store_error(&error))?;
    for index in collection.indexes.iter().filter(|index| index.list().is_none()) {
        let definition = definition(collection, index);
        let before = present.remove(&sql::index_name(collection, index));
        if before.as_ref() == Some(&definition) {
            continue;
        }
        if before.is_some() {
            drop_index(transaction, &sql::index_name(collection, index)).map_err(|error| store_error(&error))?;
        }
        transaction.execute_batch(&definition).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => StoreError::Unavailable(format!(
                "records of {} have the same values, which the new unique index {} forbids",
                collection.name, index.name
            )),
            _ => store_error(&error),
        })?;
    }
    for name in present.keys() {
        drop_index(transaction, name).map_err(|error| store_error(&error))?;
    }
    Ok(())
}

/// The names and definitions of the present indexes.
fn present_indexes(
    transaction: &Transaction,
    collection: &Collection,
) -> Result<HashMap<String, String>, rusqlite::Error> {
    transaction
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")?
        .query_map([collection.name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn drop_index(transaction: &Transaction, name: &str) -> Result<(), rusqlite::Error> {
    transaction.execute_batch(&format!("DROP INDEX {}", sql::quoted(name)))
}

/// SQLite keeps this text as it is, so a changed declaration is recognised by it. The id, which orders
/// records that are otherwise equal, is part of every index: it is the table's key.
fn definition(collection: &Collection, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = sql::quoted(&sql::index_name(collection, index));
    let fields: Vec<_> = index.fields.iter().map(|field| sql::quoted(&sql::column_name(field))).collect();
    let only = index.only.as_ref().map_or(String::new(), |only| format!(" WHERE {}", sql::only(only)));
    format!("CREATE {unique}INDEX {name} ON {} ({}){only}", sql::table(collection), fields.join(", "))
}
