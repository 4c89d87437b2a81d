//! How a query for texts in an indexed list is answered.
//!
//! Where few records have one of the texts, those are looked up by their ids, and sorted. Where many have,
//! the sort's own index is followed, and each record tested, until enough are found: as there are many, they
//! are found soon. Either way nearly the same number of records is looked at, however many there are.

use std::collections::HashSet;

use ports::store::{Collection, Condition, Index, Only, Query};
use rusqlite::{Connection, params};

use super::sql;

/// Where the line between few and many is drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct SearchLimits {
    /// So many are few. Among 100,000 records that is where both ways cost the same.
    pub(super) few: usize,
    /// Of how many records at most it is determined whether they have two texts.
    pub(super) compared: usize,
}

/// Tried with 100,000 tickets: all of it together takes some 20 ms at the most.
pub(super) const LIMITS: SearchLimits = SearchLimits { few: 2500, compared: 20_000 };
/// Of how many texts it is looked at how many records have them: the longest, which are likely to be rare.
const LOOKED_AT: usize = 4;

/// The ids of the only records that can meet the query's conditions, if an index of a list shows that they
/// are few; each once.
pub(super) fn few(
    connection: &Connection,
    collection: &'static Collection,
    query: &Query,
    limits: SearchLimits,
) -> Result<Option<Vec<String>>, rusqlite::Error> {
    let mut indexed = indexed_prefixes(collection, &query.conditions);
    indexed.sort_by_key(|(_, prefix)| std::cmp::Reverse(prefix.len()));
    indexed.truncate(LOOKED_AT);
    for (index, prefix) in &indexed {
        if let Some(ids) = ids(connection, collection, index, prefix, limits.few)? {
            return Ok(Some(ids.into_iter().collect()));
        }
    }
    let [(first, prefix), (second, other), ..] = &indexed[..] else { return Ok(None) };
    let Some(one) = ids(connection, collection, first, prefix, limits.compared)? else { return Ok(None) };
    let Some(two) = ids(connection, collection, second, other, limits.compared)? else { return Ok(None) };
    let both: Vec<String> = one.into_iter().filter(|id| two.contains(id)).collect();
    Ok((both.len() <= limits.few).then_some(both))
}

/// The conditions that the index of a list supports.
fn indexed_prefixes<'a>(collection: &'static Collection, conditions: &'a [Condition]) -> Vec<(&'static Index, &'a str)> {
    let index_of = |list: &str| {
        let covers = |index: &&Index| index.list() == Some(list) && is_covered(index, conditions);
        collection.indexes.iter().find(covers)
    };
    let supported = |condition: &'a Condition| match condition {
        Condition::HasPrefix(field, prefix) => Some((index_of(field)?, prefix.as_str())),
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

/// The ids of the records that have a text with this prefix; `None` if there are more than `limit`, where one
/// with several such texts counts several times.
fn ids(
    connection: &Connection,
    collection: &Collection,
    index: &Index,
    prefix: &str,
    limit: usize,
) -> Result<Option<HashSet<String>>, rusqlite::Error> {
    let table = sql::list_table(collection, index);
    let text = format!("SELECT id FROM {table} WHERE value >= ? AND value < ? LIMIT ?");
    let mut statement = connection.prepare_cached(&text)?;
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows = statement.query(params![prefix, after_all(prefix), one_more])?;
    let (mut ids, mut count) = (HashSet::new(), 0);
    while let Some(row) = rows.next()? {
        count += 1;
        ids.insert(row.get(0)?);
    }
    Ok((count <= limit).then_some(ids))
}

/// Greater than every text that begins with `prefix`: nothing else begins with what is no character.
pub(super) fn after_all(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

#[cfg(test)]
mod tests;
