//! The indexes of lists. Each is a table of the texts in the list with the ids of their records, which
//! triggers keep up to date; a record without the list is in it under [`MISSING`].

use std::collections::HashMap;

use ports::store::Index;
use rusqlite::Connection;

use super::sql;
use super::table::Table;

/// Stands for "there is no list": greater than any text, and equal to none.
pub(super) const MISSING: &str = "x''";

/// Makes the tables and triggers match the collection's declaration. A new table begins with what is there.
pub(super) fn prepare(db: &Connection, table: Table) -> Result<(), rusqlite::Error> {
    let mut present = present_triggers(db, table)?;
    for index in table.collection.indexes {
        let Some(field) = index.list() else { continue };
        let wanted = triggers(table, index, field);
        let before: Vec<Option<String>> = wanted.iter().map(|(name, _)| present.remove(name)).collect();
        if wanted.iter().zip(&before).all(|((_, text), before)| before.as_ref() == Some(text)) {
            continue;
        }
        for (name, _) in &wanted {
            db.execute_batch(&format!("DROP TRIGGER IF EXISTS {}", sql::quoted(name)))?;
        }
        fill(db, table, index, field)?;
        for (_, text) in &wanted {
            db.execute_batch(text)?;
        }
    }
    for name in present.keys() {
        db.execute_batch(&format!("DROP TRIGGER {}", sql::quoted(name)))?;
        if let Some((list, _)) = name.rsplit_once('.') {
            db.execute_batch(&format!("DROP TABLE IF EXISTS {}", sql::quoted(list)))?;
        }
    }
    Ok(())
}

fn present_triggers(db: &Connection, table: Table) -> Result<HashMap<String, String>, rusqlite::Error> {
    db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?")?
        .query_map([table.name()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The table anew, with everything that is there.
fn fill(db: &Connection, table: Table, index: &Index, field: &str) -> Result<(), rusqlite::Error> {
    let (list, records, path) = (sql::list_table(table, index), sql::table(table), sql::path(field));
    let only = index.only.as_ref().map_or("true".to_owned(), sql::only);
    db.execute_batch(&format!(
        "DROP TABLE IF EXISTS {list};
         CREATE TABLE {list} (value, id TEXT NOT NULL, PRIMARY KEY (value, id)) WITHOUT ROWID;
         INSERT OR IGNORE INTO {list} SELECT list.value, {records}.id
             FROM {records}, json_each({records}.body, {path}) AS list WHERE {only} AND list.type = 'text';
         INSERT INTO {list} SELECT {MISSING}, id FROM {records} WHERE {only} AND body ->> {path} IS NULL;"
    ))
}

/// The triggers' names and texts, as SQLite keeps them: a changed declaration is recognised by them.
fn triggers(table: Table, index: &Index, field: &str) -> [(String, String); 3] {
    let (list, records, path) = (sql::list_table(table, index), sql::table(table), sql::path(field));
    let is_in = |row: &str| index.only.as_ref().map_or("true".to_owned(), |only| sql::only_of(row, only));
    let (was_in, is_in) = (is_in("old."), is_in("new."));
    let add = format!(
        "INSERT OR IGNORE INTO {list} SELECT list.value, new.id FROM json_each(new.body, {path}) AS list \
         WHERE {is_in} AND list.type = 'text' \
         UNION ALL SELECT {MISSING}, new.id WHERE {is_in} AND new.body ->> {path} IS NULL;"
    );
    let remove = format!(
        "DELETE FROM {list} WHERE id = old.id AND value IN (SELECT list.value FROM json_each(old.body, {path}) AS list \
         UNION ALL SELECT {MISSING});"
    );
    let changed = format!("({was_in}) IS NOT ({is_in}) OR old.body -> {path} IS NOT new.body -> {path}");
    let trigger = |event: &str, condition: &str, body: &str| {
        let name = format!("{}.{event}", sql::list_name(table, index));
        let text = format!(
            "CREATE TRIGGER {} AFTER {event} ON {records} WHEN {condition} BEGIN {body} END",
            sql::quoted(&name)
        );
        (name, text)
    };
    [
        trigger("insert", &is_in, &add),
        trigger("update", &changed, &format!("{remove} {add}")),
        trigger("delete", &was_in, &remove),
    ]
}
