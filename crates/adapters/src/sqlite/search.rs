//! How a query for texts in an indexed list is answered.
//!
//! Where few records have one of the texts, or all of them, those are looked up by their ids, and sorted. Where
//! many have, the sort's own index is followed until enough are found, past the ids that are not in the list's
//! index; and where nearly all have, past the records that do not have the text. So nearly the same number of
//! records is read from the table, however many there are.

use std::cmp::Reverse;

use ports::store::{Collection, Condition, Index, Only, Query};
use rusqlite::{Connection, Params, params};

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
    /// Those that have all these texts by their indexes, and perhaps others.
    WithAll(Vec<IndexedPrefix<'a>>),
}

/// The beginning of a text in an indexed list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct IndexedPrefix<'a> {
    index: &'static Index,
    prefix: &'a str,
}

/// Which records it is enough to look at.
pub(super) fn candidates<'a>(
    connection: &Connection,
    table: Table,
    query: &'a Query,
    limits: SearchLimits,
) -> Result<Candidates<'a>, rusqlite::Error> {
    let mut sought = indexed_prefixes(table.collection, &query.conditions);
    sought.sort_by_key(|sought| Reverse(sought.prefix.len()));
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

impl IndexedPrefix<'_> {
    /// The subquery of the ids of the records that have such a text, and its two parameters.
    pub(super) fn subquery(&self, table: Table) -> (String, [String; 2]) {
        let list = sql::list_table(table, self.index);
        let text = format!("SELECT id FROM {list} WHERE value >= ? AND value < ?");
        (text, [self.prefix.to_owned(), after_all(self.prefix)])
    }

    /// The ids of the records that have such a text; `None` if there are more than `limit`.
    fn ids(&self, connection: &Connection, table: Table, limit: usize) -> Result<Option<Vec<String>>, rusqlite::Error> {
        let (text, [from, to]) = self.subquery(table);
        at_most(connection, &text, params![from, to, one_more_than(limit)], limit)
    }

    /// The same of the records that have such a text as `other`, too.
    fn ids_with(
        &self,
        other: &Self,
        connection: &Connection,
        table: Table,
        limit: usize,
    ) -> Result<Option<Vec<String>>, rusqlite::Error> {
        let (text, [from, to]) = self.subquery(table);
        let (others, [other_from, other_to]) = other.subquery(table);
        let text = format!("{text} AND id IN ({others})");
        at_most(connection, &text, params![from, to, other_from, other_to, one_more_than(limit)], limit)
    }

    /// Whether the index has at most so many such texts.
    fn is_in_at_most(&self, connection: &Connection, table: Table, limit: usize) -> Result<bool, rusqlite::Error> {
        let (text, [from, to]) = self.subquery(table);
        let mut count = connection.prepare_cached(&format!("SELECT count(*) FROM ({text} LIMIT ?)"))?;
        let count: i64 = count.query_row(params![from, to, one_more_than(limit)], |row| row.get(0))?;
        Ok(count < one_more_than(limit))
    }
}

/// The ids that a query gives, each once; `None` if it gives more than `limit` before.
fn at_most(
    connection: &Connection,
    text: &str,
    parameters: impl Params,
    limit: usize,
) -> Result<Option<Vec<String>>, rusqlite::Error> {
    let mut statement = connection.prepare_cached(&format!("{text} LIMIT ?"))?;
    let mut ids = statement.query_map(parameters, |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
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
fn indexed_prefixes<'a>(collection: &'static Collection, conditions: &'a [Condition]) -> Vec<IndexedPrefix<'a>> {
    let index_of = |list: &str| {
        let covers = |index: &&Index| index.list() == Some(list) && is_covered(index, conditions);
        collection.indexes.iter().find(covers)
    };
    let supported = |condition: &'a Condition| match condition {
        Condition::HasPrefix(field, prefix) => Some(IndexedPrefix { index: index_of(field)?, prefix }),
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
        Condition::AtLeast(..) | Condition::AtMost(..) | Condition::HasPrefix(..) => false,
    }
}

/// Greater than every text that begins with `prefix`: nothing else begins with what is no character.
pub(super) fn after_all(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

#[cfg(test)]
mod tests;
