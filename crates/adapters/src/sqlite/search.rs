//! How a query for texts in an indexed list is answered.
//!
//! Where few records have one of the texts, or all of them, those are looked up by their ids, and sorted. Where
//! many have, the sort's own index is followed until enough are found, past the ids that are not in the list's
//! index; and where nearly all have, past the records that do not have the text. So nearly the same number of
//! records is read from the table, however many there are.

use std::cmp::Reverse;

use ports::store::{Collection, Condition, Index, Only, Query, SoughtText};
use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, params_from_iter};

use super::sql;
use super::table::Table;

/// Where the lines between few, many and nearly all are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchLimits {
    /// So many are few: reading and sorting them takes some 20 ms.
    pub(super) few: usize,
    /// So many are many: to look at their ids takes some 10 ms.
    pub(super) many: usize,
}

/// Tried with 100,000 tickets.
pub(super) const LIMITS: SearchLimits = SearchLimits { few: 2500, many: 20_000 };
/// Of how many texts it is looked at how many records have them: the longest, which are likely to be rare.
const LOOKED_AT: usize = 4;

/// The records that can meet a query's conditions, as far as the indexes of lists tell.
#[derive(Debug, PartialEq)]
pub(super) enum Candidates<'a> {
    /// Those with these ids, each once.
    Few(Vec<String>),
    /// Those that have one of each of these by their indexes, and perhaps others.
    WithAll(Vec<IndexedTexts<'a>>),
}

/// Texts in an indexed list, one of which a record must have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct IndexedTexts<'a> {
    index: &'static Index,
    texts: &'a [SoughtText],
}

/// Which records it is enough to look at.
pub(super) fn candidates<'a>(
    connection: &Connection,
    table: Table,
    query: &'a Query,
    limits: SearchLimits,
) -> Result<Candidates<'a>, rusqlite::Error> {
    let mut sought = indexed_texts(table.collection, &query.conditions);
    sought.sort_by_key(|sought| Reverse(sought.texts.iter().map(|text| text.as_str().len()).min()));
    sought.truncate(LOOKED_AT);
    for one in &sought {
        if let Some(ids) = one.ids(connection, table, limits.few)? {
            return Ok(Candidates::Few(ids));
        }
    }
    let mut shared_by_many = Vec::new();
    for one in sought {
        if one.is_in_at_most(connection, table, limits.many)? {
            shared_by_many.push(one);
        }
    }
    if let [one, other, ..] = &shared_by_many[..]
        && let Some(ids) = one.ids_with(other, connection, table, limits.few)?
    {
        return Ok(Candidates::Few(ids));
    }
    Ok(Candidates::WithAll(shared_by_many))
}

impl IndexedTexts<'_> {
    /// The subquery of the ids of the records that have such a text, perhaps several times, and its parameters.
    pub(super) fn subquery(&self, table: Table) -> (String, Vec<Parameter>) {
        let list = sql::list_table(table, self.index);
        let (mut parts, mut parameters, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for text in self.texts {
            match text {
                SoughtText::Whole(text) => whole.push(text),
                SoughtText::Beginning(text) => {
                    parts.push(format!("SELECT id FROM {list} WHERE value >= ? AND value < ?"));
                    parameters.extend([text.clone(), after_all(text)].map(Parameter::Text));
                }
            }
        }
        if !whole.is_empty() || parts.is_empty() {
            // However many there are, the statement is the same.
            parts.push(format!("SELECT id FROM {list} WHERE value IN (SELECT value FROM json_each(?))"));
            parameters.push(Parameter::Text(serde_json::json!(whole).to_string()));
        }
        (parts.join(" UNION ALL "), parameters)
    }

    /// The ids of the records that have such a text; `None` if there are more than `limit`.
    fn ids(&self, connection: &Connection, table: Table, limit: usize) -> Result<Option<Vec<String>>, rusqlite::Error> {
        let (text, parameters) = self.subquery(table);
        at_most(connection, &text, parameters, limit)
    }

    /// The same of the records that have such a text as `other`, too.
    fn ids_with(
        &self,
        other: &Self,
        connection: &Connection,
        table: Table,
        limit: usize,
    ) -> Result<Option<Vec<String>>, rusqlite::Error> {
        let (text, mut parameters) = self.subquery(table);
        let (others, other_parameters) = other.subquery(table);
        parameters.extend(other_parameters);
        at_most(connection, &format!("SELECT id FROM ({text}) WHERE id IN ({others})"), parameters, limit)
    }

    /// Whether the index has at most so many such texts.
    fn is_in_at_most(&self, connection: &Connection, table: Table, limit: usize) -> Result<bool, rusqlite::Error> {
        let (text, mut parameters) = self.subquery(table);
        parameters.push(Parameter::Integer(one_more_than(limit)));
        let mut count = connection.prepare_cached(&format!("SELECT count(*) FROM ({text} LIMIT ?)"))?;
        let count: i64 = count.query_row(params_from_iter(parameters), |row| row.get(0))?;
        Ok(count < one_more_than(limit))
    }
}

/// The ids that a query gives, each once; `None` if it gives more than `limit` before.
fn at_most(
    connection: &Connection,
    text: &str,
    mut parameters: Vec<Parameter>,
    limit: usize,
) -> Result<Option<Vec<String>>, rusqlite::Error> {
    parameters.push(Parameter::Integer(one_more_than(limit)));
    let mut statement = connection.prepare_cached(&format!("{text} LIMIT ?"))?;
    let ids = statement.query_map(params_from_iter(parameters), |row| row.get(0))?;
    let mut ids = ids.collect::<Result<Vec<String>, _>>()?;
    if ids.len() > limit {
        return Ok(None);
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(Some(ids))
}

fn one_more_than(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1)
}

/// The conditions that the index of a list supports.
fn indexed_texts<'a>(collection: &'static Collection, conditions: &'a [Condition]) -> Vec<IndexedTexts<'a>> {
    let index_of = |list: &str| {
        let covers = |index: &&Index| index.list() == Some(list) && is_covered(index, conditions);
        collection.indexes.iter().find(covers)
    };
    let supported = |condition: &'a Condition| match condition {
        Condition::HasAny(field, texts) => Some(IndexedTexts { index: index_of(field)?, texts }),
        _ => None,
    };
    conditions.iter().filter_map(supported).collect()
}

/// Whether every record that meets the conditions is in the index.
pub(super) fn is_covered(index: &Index, conditions: &[Condition]) -> bool {
    index.only.as_ref().is_none_or(|only| conditions.iter().any(|condition| implies(condition, only)))
}

/// Whether every record that meets `condition` is in an index restricted to `only`.
pub(super) fn implies(condition: &Condition, only: &Only) -> bool {
    let listed = |value: &serde_json::Value| value.as_str().is_some_and(|text| only.values.contains(&text));
    match condition {
        Condition::Equals(field, value) => *field == only.field && listed(value),
        Condition::OneOf(field, values) => *field == only.field && values.iter().all(listed),
        Condition::Unindexed(condition) => implies(condition, only),
        Condition::AtLeast(..) | Condition::AtMost(..) | Condition::HasAny(..) | Condition::NotAll(..) => false,
    }
}

/// Greater than every text that begins with `prefix`: nothing else begins with what is no character.
pub(super) fn after_all(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

#[cfg(test)]
mod tests;
