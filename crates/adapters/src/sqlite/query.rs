use ports::store::{Condition, Direction, Index, Query, SoughtText};
use rusqlite::types::Value as Parameter;
use serde_json::Value;

use super::search::{Candidates, after_all, implies, is_covered};
use super::table::Table;
use super::{lists, sql};

/// So many texts are looked for in the body before the list is read.
const SEEN_BY_WRITING: usize = 4;

/// A statement that is being built. Values are passed as parameters, as JSON text that SQLite itself
/// reads, so that they compare exactly as the values in the documents do.
#[derive(Default)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) parameters: Vec<Parameter>,
}

impl Statement {
    /// The records that match a query and are among the candidates.
    pub(super) fn find(table: Table, query: &Query, candidates: &Candidates) -> Self {
        let mut statement = Self::default();
        let records = sql::table(table);
        statement.push("SELECT id, version, body FROM ");
        match candidates {
            Candidates::Few(ids) => {
                // A cross join is done in this order.
                statement.push("(SELECT value AS sought FROM json_each(");
                statement.bind(Parameter::Text(serde_json::json!(ids).to_string()));
                statement.push(&format!(")) CROSS JOIN {records} ON id = sought WHERE "));
            }
            Candidates::WithAll(sought) => {
                statement.push(&format!("{records} WHERE "));
                for texts in sought {
                    let (ids, parameters) = texts.subquery(table);
                    // By the sign this is tested, and not where to begin.
                    statement.push(&format!("+id IN ({ids}) AND "));
                    statement.parameters.extend(parameters);
                }
            }
        }
        statement.conditions(table, &query.conditions);
        statement.after(table, query);
        statement.order(table, query);
        if let Some(limit) = query.limit {
            statement.push(" LIMIT ");
            statement.bind(Parameter::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        }
        statement
    }

    /// The records in the order of an index, which must be the query's, each with its body if it matches.
    pub(super) fn walk(table: Table, query: &Query, index: &Index) -> Self {
        let mut statement = Self::default();
        // Within one condition SQLite would begin with what reads no other table, and read every body as JSON.
        statement.push("SELECT id, version, CASE WHEN true");
        statement.written_texts(&query.conditions);
        statement.push(" THEN CASE WHEN ");
        statement.conditions(table, &query.conditions);
        let name = sql::quoted(&sql::index_name(table, index));
        statement.push(&format!(" THEN body END END FROM {} INDEXED BY {name} WHERE true", sql::table(table)));
        for condition in query.conditions.iter().filter(|condition| is_about(condition, index.fields)) {
            statement.push(" AND ");
            statement.condition(table, condition);
        }
        if let Some(only) = &index.only {
            statement.push(&format!(" AND {}", sql::only(only)));
        }
        statement.after(table, query);
        statement.order(table, query);
        statement
    }

    /// Appends a condition that holds if all of these do.
    pub(super) fn conditions(&mut self, table: Table, conditions: &[Condition]) {
        self.push("true");
        self.written_texts(conditions);
        for condition in conditions {
            self.push(" AND ");
            self.condition(table, condition);
        }
        for index in table.collection.indexes.iter().filter(|index| is_covered(index, conditions)) {
            let Some(field) = index.list() else { continue };
            if conditions.contains(&Condition::Equals(field, Value::Null)) {
                let list = sql::list_table(table, index);
                self.push(&format!(" AND id IN (SELECT id FROM {list} WHERE value = {})", lists::MISSING));
            }
        }
        // Repeating the restriction lets SQLite use the index, which it cannot infer from parameters.
        for only in table.collection.indexes.iter().filter_map(|index| index.only.as_ref()) {
            if conditions.iter().any(|condition| implies(condition, only)) {
                self.push(&format!(" AND {}", sql::only(only)));
            }
        }
    }

    fn condition(&mut self, table: Table, condition: &Condition) {
        let column = |field| sql::value_of(table, field);
        match condition {
            Condition::Equals(field, Value::Null) => self.push(&format!("{} IS NULL", column(field))),
            Condition::Equals(field, value) => self.compare(&column(field), "=", field, value),
            Condition::AtLeast(field, value) => self.compare(&column(field), ">=", field, value),
            Condition::AtMost(field, value) => self.compare(&column(field), "<=", field, value),
            Condition::OneOf(field, values) => self.one_of(&column(field), field, values),
            Condition::HasAny(field, texts) => self.has_any(field, texts),
            Condition::NotAll(conditions) => {
                self.push("(true");
                for condition in conditions {
                    self.push(" AND ");
                    self.condition(table, condition);
                }
                // What is said of a field that is missing is neither true nor false.
                self.push(") IS NOT TRUE");
            }
            // What has a sign no index is looked for.
            Condition::Unindexed(condition) => {
                self.push("+(");
                self.condition(table, condition);
                self.push(")");
            }
        }
    }

    fn has_any(&mut self, field: &str, texts: &[SoughtText]) {
        let list = format!("json_each(body, {}) AS list", sql::path(field));
        self.push(&format!("EXISTS (SELECT 1 FROM {list} WHERE list.type = 'text' AND (false"));
        let mut whole = Vec::new();
        for text in texts {
            match text {
                SoughtText::Whole(text) => whole.push(text),
                SoughtText::Beginning(prefix) => {
                    self.push(" OR list.value >= ");
                    self.bind(Parameter::Text(prefix.clone()));
                    self.push(" AND list.value < ");
                    self.bind(Parameter::Text(after_all(prefix)));
                }
            }
        }
        if !whole.is_empty() {
            self.push(" OR list.value IN (SELECT value FROM json_each(");
            self.bind(Parameter::Text(serde_json::json!(whole).to_string()));
            self.push("))");
        }
        self.push("))");
    }

    /// Where a list has a text, this is written in the body, in quotation marks. That is several times faster to see
    /// than everything else, so it comes first, unless there are too many texts for that.
    fn written_texts(&mut self, conditions: &[Condition]) {
        for condition in conditions {
            let Condition::HasAny(_, texts) = condition else { continue };
            if texts.len() > SEEN_BY_WRITING {
                continue;
            }
            self.push(" AND (false");
            for text in texts {
                let mut written = Value::from(text.as_str()).to_string();
                if matches!(text, SoughtText::Beginning(_)) {
                    written.pop();
                }
                self.push(" OR instr(body, ");
                self.bind(Parameter::Text(written));
                self.push(") > 0");
            }
            self.push(")");
        }
    }

    fn compare(&mut self, column: &str, operator: &str, field: &str, value: &Value) {
        self.push(&format!("({column} {operator} "));
        self.bind_json(value);
        self.of_type(field, types(value));
        self.push(")");
    }

    fn one_of(&mut self, column: &str, field: &str, values: &[Value]) {
        self.push(&format!("({column} IN ("));
        let mut allowed = Vec::new();
        for value in values.iter().filter(|value| !value.is_null()) {
            if !allowed.is_empty() {
                self.push(", ");
            }
            self.bind_json(value);
            allowed.extend(types(value));
        }
        self.push(")");
        self.of_type(field, &allowed);
        if values.contains(&Value::Null) {
            self.push(&format!(" OR {column} IS NULL"));
        }
        self.push(")");
    }

    fn after(&mut self, table: Table, query: &Query) {
        let Some(cursor) = &query.after else { return };
        let operator = match query.direction {
            Direction::Ascending => ">",
            Direction::Descending => "<",
        };
        let id = Parameter::Text(cursor.id.clone());
        match query.sort {
            None => {
                self.push(&format!(" AND id {operator} "));
                self.bind(id);
            }
            Some(field) => {
                self.push(&format!(" AND ({}, id) {operator} (", sql::value_of(table, field)));
                self.bind_json(&cursor.value);
                self.push(", ");
                self.bind(id);
                self.push(")");
            }
        }
    }

    fn order(&mut self, table: Table, query: &Query) {
        let direction = match query.direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        };
        self.push(" ORDER BY ");
        if let Some(field) = query.sort {
            self.push(&format!("{} {direction}, ", sql::value_of(table, field)));
        }
        self.push(&format!("id {direction}"));
    }

    /// SQL alone would take `true` for 1, an object for its text, and any text for greater than
    /// any number.
    fn of_type(&mut self, field: &str, allowed: &[&str]) {
        self.push(&format!(" AND json_type(body, {}) IN ({})", sql::path(field), allowed.join(", ")));
    }

    fn bind_json(&mut self, value: &Value) {
        self.push("(");
        self.bind(Parameter::Text(value.to_string()));
        self.push(" ->> '$')");
    }

    pub(super) fn bind(&mut self, parameter: Parameter) {
        self.push("?");
        self.parameters.push(parameter);
    }

    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }
}

/// Whether an index of these fields can be begun, or ended, where it holds.
fn is_about(condition: &Condition, fields: &[&str]) -> bool {
    match condition {
        Condition::Equals(field, _) | Condition::AtLeast(field, _) | Condition::AtMost(field, _) => {
            fields.contains(field)
        }
        Condition::OneOf(..) | Condition::HasAny(..) | Condition::NotAll(..) | Condition::Unindexed(_) => false,
    }
}

/// SQLite's names for the JSON type of a value.
fn types(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Null => &["'null'"],
        Value::Bool(_) => &["'true'", "'false'"],
        Value::Number(_) => &["'integer'", "'real'"],
        Value::String(_) => &["'text'"],
        Value::Array(_) => &["'array'"],
        Value::Object(_) => &["'object'"],
    }
}
