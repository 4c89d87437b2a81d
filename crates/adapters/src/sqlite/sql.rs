//! The names of tables, columns and indexes. They come from the services' declarations, never
//! from a request; they are quoted so that none can be a keyword.

use ports::store::{Index, Only};

use super::table::Table;

/// The table of a collection's records.
pub(super) fn table(table: Table) -> String {
    quoted(&table.name())
}

/// The table of a collection's unpublished events.
pub(super) fn outbox(table: Table) -> String {
    quoted(&outbox_name(&table.name()))
}

/// The name of the table of a table's unpublished events.
pub(crate) fn outbox_name(table: &str) -> String {
    format!("{table}$outbox")
}

/// The name of the generated column of an indexed field. The sign keeps it apart from `id`,
/// `version` and `body`.
pub(super) fn column_name(field: &str) -> String {
    format!("${field}")
}

/// The name of an index: unlike ours, SQLite's are unique in the whole database.
pub(super) fn index_name(table: Table, index: &Index) -> String {
    format!("{}.{}", table.name(), index.name)
}

/// The name of the table with the texts of an indexed list.
pub(super) fn list_name(table: Table, index: &Index) -> String {
    format!("{}${}", table.name(), index.name)
}

/// The table with the texts of an indexed list.
pub(super) fn list_table(table: Table, index: &Index) -> String {
    quoted(&list_name(table, index))
}

/// A field as a JSON path literal: `'$."ticket"."id"'`.
pub(super) fn path(field: &str) -> String {
    let names: String = field.split('.').map(|name| format!(".{}", quoted(name))).collect();
    literal(&format!("${names}"))
}

/// A field's value in SQL: its column if it is indexed, otherwise read from the document.
pub(super) fn value_of(table: Table, field: &str) -> String {
    if table.collection.indexed_fields().contains(&field) {
        quoted(&column_name(field))
    } else {
        format!("(body ->> {})", path(field))
    }
}

/// The condition of a partial index. A query that repeats this text can use the index.
pub(super) fn only(only: &Only) -> String {
    only_of("", only)
}

/// The same of one row, such as `old.`.
pub(super) fn only_of(row: &str, only: &Only) -> String {
    let values: Vec<_> = only.values.iter().map(|value| literal(value)).collect();
    format!("{row}{} IN ({})", quoted(&column_name(only.field)), values.join(", "))
}

/// A name in double quotes.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
