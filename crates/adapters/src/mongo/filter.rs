use mongodb::bson::raw::CString;
use mongodb::bson::{Bson, Document, Regex, doc};
use ports::store::{Condition, Direction, Query, SoughtText, StoreError};
use serde_json::Value;

use super::value::to_bson;

/// A query's conditions as a filter.
pub(super) fn of_query(query: &Query) -> Result<Document, StoreError> {
    let mut filters = of_conditions(&query.conditions)?;
    filters.extend(after(query)?);
    Ok(all(filters))
}

/// The order of a query's result.
pub(super) fn sort(query: &Query) -> Document {
    let direction = match query.direction {
        Direction::Ascending => 1,
        Direction::Descending => -1,
    };
    let mut sort = Document::new();
    if let Some(field) = query.sort {
        sort.insert(field, direction);
    }
    sort.insert("_id", direction);
    sort
}

/// Each condition as a filter.
pub(super) fn of_conditions(conditions: &[Condition]) -> Result<Vec<Document>, StoreError> {
    conditions.iter().map(of_condition).collect()
}

/// The filter that holds where all of these do.
pub(super) fn all(filters: Vec<Document>) -> Document {
    if filters.is_empty() {
        doc! {}
    } else {
        doc! {"$and": filters}
    }
}

/// Values always come after an operator, where MongoDB interprets them only as values.
fn of_condition(condition: &Condition) -> Result<Document, StoreError> {
    Ok(match condition {
        Condition::Equals(field, value) => doc! {*field: {"$eq": to_bson(value)?}},
        Condition::OneOf(field, values) if values.iter().any(Value::is_object) => one_of_objects(field, values)?,
        Condition::OneOf(field, values) => {
            doc! {*field: {"$in": values.iter().map(to_bson).collect::<Result<Vec<_>, _>>()?}}
        }
        Condition::AtLeast(field, value) => doc! {*field: {"$gte": to_bson(value)?}},
        Condition::AtMost(field, value) => doc! {*field: {"$lte": to_bson(value)?}},
        Condition::HasAny(field, texts) => {
            doc! {*field: {"$in": texts.iter().map(of_text).collect::<Result<Vec<_>, _>>()?}}
        }
        // Plans are tried before one is chosen.
        Condition::Unindexed(condition) => of_condition(condition)?,
        Condition::NotAll(conditions) => doc! {"$nor": [all(of_conditions(conditions)?)]},
    })
}

/// In a list after `$in`, an index is searched for whole texts and for beginnings alike.
fn of_text(text: &SoughtText) -> Result<Bson, StoreError> {
    Ok(match text {
        SoughtText::Whole(text) => Bson::String(text.clone()),
        SoughtText::Beginning(text) => {
            let part = |text: String| CString::try_from(text).map_err(|error| StoreError::Corrupt(error.to_string()));
            let (pattern, options) = (part(format!("^{}", escaped(text)))?, part(String::new())?);
            Bson::RegularExpression(Regex { pattern, options })
        }
    })
}

/// `$in` refuses an object whose first field begins with a dollar sign.
fn one_of_objects(field: &str, values: &[Value]) -> Result<Document, StoreError> {
    let each = values.iter().map(|value| Ok(doc! {field: {"$eq": to_bson(value)?}}));
    Ok(doc! {"$or": each.collect::<Result<Vec<_>, StoreError>>()?})
}

/// What comes after the query's cursor. The first condition is implied by the second, but only the
/// first lets MongoDB find where in the index to begin.
fn after(query: &Query) -> Result<Vec<Document>, StoreError> {
    let Some(cursor) = &query.after else { return Ok(Vec::new()) };
    let (beyond, from) = match query.direction {
        Direction::Ascending => ("$gt", "$gte"),
        Direction::Descending => ("$lt", "$lte"),
    };
    let Some(field) = query.sort else { return Ok(vec![doc! {"_id": {beyond: &cursor.id}}]) };
    let value = to_bson(&cursor.value)?;
    Ok(vec![
        doc! {field: {from: &value}},
        doc! {"$or": [
            {field: {beyond: &value}},
            {field: {"$eq": &value}, "_id": {beyond: &cursor.id}},
        ]},
    ])
}

/// A regular expression that matches this text and nothing else.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if character == '\0' {
            pattern.push_str("\\x00");
            continue;
        }
        if character.is_ascii() && !character.is_ascii_alphanumeric() {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn special_characters_are_escaped() {
        assert_eq!(escaped("a.b*(é)\0"), "a\\.b\\*\\(é\\)\\x00");
    }
}
