use std::collections::{HashMap, HashSet};

use ports::store::{Index, StoreError};
use rusqlite::{Connection, ErrorCode};

use super::table::Table;
use super::{lists, sql};
use crate::database::store_error;

/// Makes the tables and indexes match the collections' declarations, all or nothing.
pub(super) fn prepare(db: &Connection, tables: &[Table], has_outbox: bool) -> Result<(), StoreError> {
    let all_or_nothing = |command: &str| db.execute_batch(command).map_err(|error| store_error(&error));
    all_or_nothing("SAVEPOINT preparing")?;
    let prepared = tables.iter().try_for_each(|table| prepare_one(db, *table, has_outbox));
    if prepared.is_err() {
        all_or_nothing("ROLLBACK TO preparing")?;
    }
    all_or_nothing("RELEASE preparing")?;
    prepared
}

fn prepare_one(db: &Connection, table: Table, has_outbox: bool) -> Result<(), StoreError> {
    records(db, table).map_err(|error| store_error(&error))?;
    if has_outbox {
        create_outbox(db, &table.name()).map_err(|error| store_error(&error))?;
    }
    lists::prepare(db, table).map_err(|error| store_error(&error))?;
    indexes(db, table)
}

/// Makes sure that there is the table of records, with a column for each indexed field. A new table has them from the
/// beginning: for each one that is added later, SQLite reads the declarations of all tables again.
fn records(db: &Connection, table: Table) -> Result<(), rusqlite::Error> {
    let present = present_columns(db, table)?;
    let missing = table.collection.indexed_fields().into_iter().filter_map(|field| {
        let name = sql::column_name(field);
        let declared = || format!("{} GENERATED ALWAYS AS (body ->> {}) VIRTUAL", sql::quoted(&name), sql::path(field));
        (!present.contains(&name)).then(declared)
    });
    if present.is_empty() {
        let missing: String = missing.map(|column| format!(", {column}")).collect();
        return create(db, &table.name(), &missing);
    }
    for column in missing {
        db.execute_batch(&format!("ALTER TABLE {} ADD COLUMN {column}", sql::table(table)))?;
    }
    Ok(())
}

fn present_columns(db: &Connection, table: Table) -> Result<HashSet<String>, rusqlite::Error> {
    db.prepare("SELECT name FROM pragma_table_xinfo(?)")?.query_map([table.name()], |row| row.get(0))?.collect()
}

/// Makes sure that there is a table of records with this name.
pub(crate) fn create_table(db: &Connection, name: &str) -> Result<(), rusqlite::Error> {
    create(db, name, "")
}

fn create(db: &Connection, name: &str, columns: &str) -> Result<(), rusqlite::Error> {
    db.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {}
             (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL{columns}) WITHOUT ROWID",
        sql::quoted(name)
    ))
}

/// Makes sure that the table has an outbox.
pub(crate) fn create_outbox(db: &Connection, table: &str) -> Result<(), rusqlite::Error> {
    let name = sql::outbox_name(table);
    let (outbox, by_record) = (sql::quoted(&name), sql::quoted(&format!("{name}.record")));
    db.execute_batch(&format!(
        "CREATE TABLE IF NOT EXISTS {outbox}
             (seq INTEGER PRIMARY KEY, record_id TEXT NOT NULL, event_id TEXT NOT NULL,
              time INTEGER NOT NULL, envelope TEXT NOT NULL);
         CREATE INDEX IF NOT EXISTS {by_record} ON {outbox} (record_id, event_id);"
    ))
}

/// Creates the declared indexes, again if their declaration has changed, and drops those that are no
/// longer declared.
fn indexes(db: &Connection, table: Table) -> Result<(), StoreError> {
    let mut present = present_indexes(db, table).map_err(|error| store_error(&error))?;
    for index in table.collection.indexes.iter().filter(|index| index.list().is_none()) {
        let definition = definition(table, index);
        let before = present.remove(&sql::index_name(table, index));
        if before.as_ref() == Some(&definition) {
            continue;
        }
        if before.is_some() {
            drop_index(db, &sql::index_name(table, index)).map_err(|error| store_error(&error))?;
        }
        db.execute_batch(&definition).map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => StoreError::Unavailable(format!(
                "records of {} have the same values, which the new unique index {} forbids",
                table.name(),
                index.name
            )),
            _ => store_error(&error),
        })?;
    }
    for name in present.keys() {
        drop_index(db, name).map_err(|error| store_error(&error))?;
    }
    Ok(())
}

/// The names and definitions of the present indexes.
fn present_indexes(db: &Connection, table: Table) -> Result<HashMap<String, String>, rusqlite::Error> {
    db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL")?
        .query_map([table.name()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

fn drop_index(db: &Connection, name: &str) -> Result<(), rusqlite::Error> {
    db.execute_batch(&format!("DROP INDEX {}", sql::quoted(name)))
}

/// SQLite keeps this text as it is, so a changed declaration is recognised by it. The id, which orders
/// records that are otherwise equal, is part of every index: it is the table's key.
fn definition(table: Table, index: &Index) -> String {
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = sql::quoted(&sql::index_name(table, index));
    let fields: Vec<_> = index.fields.iter().map(|field| sql::quoted(&sql::column_name(field))).collect();
    let only = index.only.as_ref().map_or(String::new(), |only| format!(" WHERE {}", sql::only(only)));
    format!("CREATE {unique}INDEX {name} ON {} ({}){only}", sql::table(table), fields.join(", "))
}
