//! How a query for texts in an indexed list is answered.
//!
//! Where few records have one of the texts, or all of them, those are looked up by their ids, and sorted. Where many
//! have, a page is soon full of those that come first in its order, so the sort's own index is followed ([`walk`]). If
//! it is not full soon, because what matches comes late in that order, more are looked up; and where too many have the
//! texts for that, the sort's index is followed to its end, past the ids that are not in the list's index.

use std::cmp::Reverse;

use ports::store::{Collection, Condition, Index, Only, Query, Record, SoughtText, StoreError};
use rusqlite::types::Value as Parameter;
use rusqlite::{Connection, params_from_iter};

use super::table::Table;
use super::{read, sql, walk};
use crate::database::store_error;

/// Where the lines between few and many are drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchLimits {
    /// So many are few: reading and sorting them takes some 6 ms.
    pub(super) few: usize,
    /// So many records are passed to fill a page, which takes about as long.
    pub(super) passed: usize,
    /// So many are looked up if that did not fill it.
    pub(super) late: usize,
    /// So many are many, and not nearly all: to read their ids beside those of another text takes some 5 ms.
    pub(super) many: usize,
}

/// Tried with 100,000 tickets: of what more than `few` have, one in 200 has it, so that a page of 20 is full after 4000.
pub(super) const LIMITS: SearchLimits = SearchLimits { few: 500, passed: 4000, late: 2500, many: 50_000 };
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

/// A query, and what the indexes of lists can tell of it.
struct Search<'a> {
    connection: &'a Connection,
    table: Table,
    sought: Vec<IndexedTexts<'a>>,
    many: usize,
}

/// The records that match a query.
pub(super) fn find(
    connection: &Connection,
    table: Table,
    query: &Query,
    limits: SearchLimits,
) -> Result<Vec<Record>, StoreError> {
    let sought = indexed_texts(table.collection, &query.conditions);
    let search = Search { connection, table, sought, many: limits.many };
    if let Some(ids) = search.few(limits.few).map_err(|error| store_error(&error))? {
        return read::find_among(connection, table, query, &Candidates::Few(ids));
    }
    if !search.sought.is_empty()
        && let Some(page) = walk::page(connection, table, query, limits.passed)?
    {
        return Ok(page);
    }
    let candidates = search.candidates(limits.late).map_err(|error| store_error(&error))?;
    read::find_among(connection, table, query, &candidates)
}

impl<'a> Search<'a> {
    /// Which records it is enough to look at.
    fn candidates(&self, few: usize) -> Result<Candidates<'a>, rusqlite::Error> {
        Ok(match self.few(few)? {
            Some(ids) => Candidates::Few(ids),
            None => Candidates::WithAll(self.shared_by_many()?),
        })
    }

    /// The ids of these, each once; `None` unless the indexes tell that there are at most `limit`.
    fn few(&self, limit: usize) -> Result<Option<Vec<String>>, rusqlite::Error> {
        for one in &self.sought {
            let (text, parameters) = one.subquery(self.table);
            if let Some(ids) = at_most(self.connection, &text, parameters, limit)? {
                return Ok(Some(ids));
            }
        }
        if self.sought.len() < 2 {
            return Ok(None);
        }
        let shared = self.shared_by_many()?;
        if shared.len() < 2 {
            return Ok(None);
        }
        let (text, parameters) = with_all(&shared, self.table);
        at_most(self.connection, &text, parameters, limit)
    }

    /// The texts that not nearly all have.
    fn shared_by_many(&self) -> Result<Vec<IndexedTexts<'a>>, rusqlite::Error> {
        let mut shared = Vec::new();
        for one in &self.sought {
            if one.is_in_at_most(self.connection, self.table, self.many)? {
                shared.push(*one);
            }
        }
        Ok(shared)
    }
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
        if let [text] = whole[..] {
            parts.push(format!("SELECT id FROM {list} WHERE value = ?"));
            parameters.push(Parameter::Text(text.clone()));
        } else if !whole.is_empty() || parts.is_empty() {
            // However many there are, the statement is the same.
            parts.push(format!("SELECT id FROM {list} WHERE value IN (SELECT value FROM json_each(?))"));
            parameters.push(Parameter::Text(serde_json::json!(whole).to_string()));
        }
        (parts.join(" UNION ALL "), parameters)
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

/// The query of the ids of the records that have a text of each of these, and its parameters.
fn with_all(all: &[IndexedTexts], table: Table) -> (String, Vec<Parameter>) {
    let (texts, parameters): (Vec<_>, Vec<_>) = all.iter().map(|one| one.subquery(table)).unzip();
    let each: Vec<_> = texts.iter().map(|text| format!("SELECT id FROM ({text})")).collect();
    // SQLite reads these side by side, and only until there are enough: the index has the ids of one text in order.
    (each.join(" INTERSECT "), parameters.concat())
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

/// The first of the conditions that the index of a list supports: those that are likely to be rare.
fn indexed_texts<'a>(collection: &'static Collection, conditions: &'a [Condition]) -> Vec<IndexedTexts<'a>> {
    let index_of = |list: &str| {
        let covers = |index: &&Index| index.list() == Some(list) && is_covered(index, conditions);
        collection.indexes.iter().find(covers)
    };
    let supported = |condition: &'a Condition| match condition {
        Condition::HasAny(field, texts) => Some(IndexedTexts { index: index_of(field)?, texts }),
        _ => None,
    };
    let mut sought: Vec<IndexedTexts> = conditions.iter().filter_map(supported).collect();
    sought.sort_by_key(|sought| Reverse(sought.texts.iter().map(|text| text.as_str().len()).min()));
    sought.truncate(LOOKED_AT);
    sought
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
