use std::sync::Arc;

use ports::store::{Collection, Commit, Conflict, Index, Precondition, Record, StoreError};
use rusqlite::{ErrorCode, OptionalExtension, Transaction, ffi, params};
use serde_json::Value;

use super::cache::{RecordCache, Stored};
use super::outbox::{self, PreparedEvent};
use super::sql;
use super::writer::Outcome;

/// A commit that has been serialised on the caller's thread, to save work on the writer's.
pub(super) struct PreparedCommit {
    collection: &'static Collection,
    record: Record,
    revision: i64,
    expected: Option<i64>,
    body: Arc<str>,
    events: Vec<PreparedEvent>,
}

impl PreparedCommit {
    pub(super) fn new(commit: Commit) -> Result<Self, StoreError> {
        let Commit { collection, record, precondition, events } = commit;
        let signed = |revision: u64| {
            i64::try_from(revision).map_err(|_| StoreError::Corrupt(format!("{revision} is too great a revision")))
        };
        let expected = match precondition {
            Precondition::DoesNotExist => None,
            Precondition::MatchesRevision(revision) => Some(signed(revision.0)?),
        };
        let body = serde_json::to_string(&record.body).map_err(|error| StoreError::Corrupt(error.to_string()))?.into();
        let events = events.iter().map(PreparedEvent::new).collect::<Result<_, _>>()?;
        Ok(Self { collection, revision: signed(record.revision.0)?, record, expected, body, events })
    }
}

impl PreparedCommit {
    /// Caches the record, which has been written.
    pub(super) fn update_cache(&self, cache: &RecordCache) {
        let stored = Stored { revision: self.revision, body: self.body.clone() };
        cache.insert_written(self.collection, &self.record.id, stored);
    }
}

/// Writes the record, then its events. A refused record leaves no trace: SQLite undoes the one
/// statement that failed, and its events are not written at all.
pub(super) fn apply(transaction: &Transaction, commit: &PreparedCommit) -> Result<Outcome, rusqlite::Error> {
    if let Some(index) = equal_in_null(transaction, commit)? {
        return Ok(Err(failed_precondition(transaction, commit)?.unwrap_or(Conflict::Unique(index.name))));
    }
    let written = match commit.expected {
        None => insert(transaction, commit),
        Some(expected) => update(transaction, commit, expected),
    };
    match written {
        Ok(1) => {
            outbox::add(transaction, commit.collection, &commit.record.id, &commit.events)?;
            Ok(Ok(1))
        }
        Ok(_) => Ok(Err(Conflict::Stale)),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Ok(Err(conflict(transaction, commit, &error)?.ok_or(error)?))
        }
        Err(error) => Err(error),
    }
}

fn insert(transaction: &Transaction, commit: &PreparedCommit) -> Result<usize, rusqlite::Error> {
    let text = format!("INSERT INTO {} (id, version, body) VALUES (?, ?, ?)", sql::table(commit.collection));
    transaction.prepare_cached(&text)?.execute(params![commit.record.id, commit.revision, commit.body])
}

fn update(transaction: &Transaction, commit: &PreparedCommit, expected: i64) -> Result<usize, rusqlite::Error> {
    let text =
        format!("UPDATE {} SET version = ?, body = ? WHERE id = ? AND version = ?", sql::table(commit.collection));
    transaction.prepare_cached(&text)?.execute(params![commit.revision, commit.body, commit.record.id, expected])
}

/// The conflict behind a constraint violation; `None` if it is none of ours.
fn conflict(
    transaction: &Transaction,
    commit: &PreparedCommit,
    error: &rusqlite::Error,
) -> Result<Option<Conflict>, rusqlite::Error> {
    let rusqlite::Error::SqliteFailure(failure, Some(message)) = error else { return Ok(None) };
    if failure.extended_code == ffi::SQLITE_CONSTRAINT_PRIMARYKEY {
        return Ok(Some(Conflict::Exists));
    }
    // Both may be violated; the precondition comes first.
    if let Some(failed_precondition) = failed_precondition(transaction, commit)? {
        return Ok(Some(failed_precondition));
    }
    // The message is a list of columns: "UNIQUE constraint failed: orders.$ticketId".
    let violated = unique_indexes(commit).find(|index| {
        let columns: Vec<_> = index
            .fields
            .iter()
            .map(|field| format!("{}.{}", commit.collection.name, sql::column_name(field)))
            .collect();
        message.strip_suffix(&columns.join(", ")).is_some_and(|rest| rest.ends_with(": "))
    });
    Ok(violated.map(|index| Conflict::Unique(index.name)))
}

/// How the commit fails its precondition, if it does.
fn failed_precondition(
    transaction: &Transaction,
    commit: &PreparedCommit,
) -> Result<Option<Conflict>, rusqlite::Error> {
    let text = format!("SELECT version FROM {} WHERE id = ?", sql::table(commit.collection));
    let present: Option<i64> =
        transaction.prepare_cached(&text)?.query_row([&commit.record.id], |row| row.get(0)).optional()?;
    Ok(match commit.expected {
        None => present.map(|_| Conflict::Exists),
        Some(expected) => (present != Some(expected)).then_some(Conflict::Stale),
    })
}

/// The unique indexes that the record would be in.
fn unique_indexes(commit: &PreparedCommit) -> impl Iterator<Item = &'static Index> {
    commit.collection.indexes.iter().filter(|index| {
        index.unique
            && index.only.as_ref().is_none_or(|only| {
                commit.record.field(only.field).as_str().is_some_and(|value| only.values.contains(&value))
            })
    })
}

/// The unique index under which another record is equal to this one, if `null` is among the
/// equal values. In SQL no `null` equals another, so its indexes do not detect this.
fn equal_in_null(
    transaction: &Transaction,
    commit: &PreparedCommit,
) -> Result<Option<&'static Index>, rusqlite::Error> {
    for index in unique_indexes(commit) {
        let values: Vec<&Value> = index.fields.iter().map(|field| commit.record.field(field)).collect();
        if !values.contains(&&Value::Null) {
            continue;
        }
        let equal: String = index
            .fields
            .iter()
            .map(|field| format!(" AND {} IS (? ->> '$')", sql::quoted(&sql::column_name(field))))
            .collect();
        let only = index.only.as_ref().map_or(String::new(), |only| format!(" AND {}", sql::only(only)));
        let text = format!("SELECT 1 FROM {} WHERE id <> ?{equal}{only}", sql::table(commit.collection));
        let parameters = std::iter::once(commit.record.id.clone()).chain(values.iter().map(|value| value.to_string()));
        if transaction.prepare_cached(&text)?.exists(rusqlite::params_from_iter(parameters))? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}
