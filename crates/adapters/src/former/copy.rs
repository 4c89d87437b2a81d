use rusqlite::Connection;

use crate::sqlite::schema::{create_outbox, create_table};
use crate::sqlite::sql::{outbox_name, quoted};
use crate::sqlite::table;

/// The tables of a bus, in the order in which they are copied.
const OF_BUS: [&str; 5] = ["streams", "messages", "consumers", "unanswered", "dead_letters"];

/// Copies the records and outboxes of a service. What is made of its records, such as indexes, is made anew when its
/// store is prepared.
pub(super) fn store(db: &Connection, schema: &str, service: &str) -> rusqlite::Result<()> {
    for name in tables(db, schema)? {
        let (collection, is_outbox) = match name.split_once('$') {
            None => (name.as_str(), false),
            Some((collection, "outbox")) => (collection, true),
            // The index of a list.
            Some(_) => continue,
        };
        let records = table::name(service, collection);
        let (to, columns) = if is_outbox {
            create_outbox(db, &records)?;
            (outbox_name(&records), "seq, record_id, event_id, time, envelope")
        } else {
            create_table(db, &records)?;
            (records, "id, version, body")
        };
        let (from, to) = (quoted(&name), quoted(&to));
        db.execute_batch(&format!("INSERT INTO main.{to} ({columns}) SELECT {columns} FROM {schema}.{from}"))?;
    }
    Ok(())
}

/// Copies a bus: the columns are the same.
pub(super) fn bus(db: &Connection, schema: &str) -> rusqlite::Result<()> {
    let present = tables(db, schema)?;
    for name in OF_BUS.into_iter().filter(|name| present.iter().any(|present| present == name)) {
        db.execute_batch(&format!("INSERT INTO main.{name} SELECT * FROM {schema}.{name}"))?;
    }
    Ok(())
}

fn tables(db: &Connection, schema: &str) -> rusqlite::Result<Vec<String>> {
    let all = format!("SELECT name FROM {schema}.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    db.prepare(&all)?.query_map([], |row| row.get(0))?.collect()
}
