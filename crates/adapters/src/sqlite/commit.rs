use std::sync::Arc;

use ports::bus::BusError;
use ports::store::{Commit, Conflict, Index, Precondition, Record, StoreError};
use rusqlite::{Connection, ErrorCode, OptionalExtension, ffi, params};
use serde_json::Value;

use super::cache::{RecordCache, Stored};
use super::outbox::{self, PreparedEvent};
use super::sql;
use super::table::Table;
use crate::database::undo;
use crate::local::{PreparedEvents, Publisher, WrittenEvents};

/// A commit that has been serialised on the caller's thread, to save work on the writer's.
pub(super) struct PreparedCommit {
    pub(super) record: PreparedRecord,
    pub(super) events: Events,
}

/// The record of a commit, and when it may be written.
pub(super) struct PreparedRecord {
    table: Table,
    record: Record,
    revision: i64,
    expected: Option<i64>,
    body: Arc<str>,
}

/// The events of a commit, and where they go.
pub(super) enum Events {
    /// To the log of the bus, which is in the same database.
    Log(PreparedEvents),
    /// To the outbox, since the bus is elsewhere.
    Outbox(Vec<PreparedEvent>),
}

impl PreparedCommit {
    pub(super) fn new(commit: Commit, table: Table, publisher: Option<&Publisher>) -> Result<Self, StoreError> {
        let Commit { collection: _, record, precondition, events } = commit;
        let signed = |revision: u64| {
            i64::try_from(revision).map_err(|_| StoreError::Corrupt(format!("{revision} is too great a revision")))
        };
        let expected = match precondition {
            Precondition::DoesNotExist => None,
            Precondition::MatchesRevision(revision) => Some(signed(revision.0)?),
        };
        let body = serde_json::to_string(&record.body).map_err(|error| StoreError::Corrupt(error.to_string()))?.into();
        let events = match publisher {
            Some(publisher) => Events::Log(publisher.prepare(events).map_err(not_published)?),
            None => Events::Outbox(events.iter().map(PreparedEvent::new).collect::<Result<_, _>>()?),
        };
        Ok(Self {
            record: PreparedRecord { table, revision: signed(record.revision.0)?, record, expected, body },
            events,
        })
    }
}

/// An event cannot be published, and so the record is not written.
fn not_published(error: BusError) -> StoreError {
    match error {
        BusError::Malformed(reason) => StoreError::Corrupt(reason),
        other => StoreError::Unavailable(other.to_string()),
    }
}

impl PreparedRecord {
    /// Caches the record, which has been written.
    pub(super) fn update_cache(&self, cache: &RecordCache) {
        let stored = Stored { revision: self.revision, body: self.body.clone() };
        cache.insert_written(self.table.collection, &self.record.id, stored);
    }

    /// Writes the record. If it is refused, or this fails, it leaves no trace: SQLite undoes the one statement that
    /// failed.
    pub(super) fn write(&self, db: &Connection) -> Result<Result<(), Conflict>, rusqlite::Error> {
        if let Some(index) = equal_in_null(db, self)? {
            return Ok(Err(failed_precondition(db, self)?.unwrap_or(Conflict::Unique(index.name))));
        }
        let written = match self.expected {
            None => insert(db, self),
            Some(expected) => update(db, self, expected),
        };
        match written {
            Ok(1) => Ok(Ok(())),
            Ok(_) => Ok(Err(Conflict::Stale)),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                Ok(Err(conflict(db, self, &error)?.ok_or(error)?))
            }
            Err(error) => Err(error),
        }
    }

    /// Writes the events after the record has been written. Returns what is to be shown to the bus's readers. If this
    /// fails, the whole transaction is undone: the record is in it.
    pub(super) fn write_events(&self, db: &Connection, events: Events) -> Result<WrittenEvents, rusqlite::Error> {
        let written = match events {
            Events::Log(events) => events.write(db),
            Events::Outbox(events) => {
                outbox::add(db, self.table, &self.record.id, &events).map(|()| WrittenEvents::default())
            }
        };
        written.inspect_err(|error| undo(db, error))
    }
}

fn insert(db: &Connection, commit: &PreparedRecord) -> Result<usize, rusqlite::Error> {
    let text = format!("INSERT INTO {} (id, version, body) VALUES (?, ?, ?)", sql::table(commit.table));
    db.prepare_cached(&text)?.execute(params![commit.record.id, commit.revision, commit.body])
}

fn update(db: &Connection, commit: &PreparedRecord, expected: i64) -> Result<usize, rusqlite::Error> {
    let text = format!("UPDATE {} SET version = ?, body = ? WHERE id = ? AND version = ?", sql::table(commit.table));
    db.prepare_cached(&text)?.execute(params![commit.revision, commit.body, commit.record.id, expected])
}

/// The conflict behind a constraint violation; `None` if it is none of ours.
fn conflict(
    db: &Connection,
    commit: &PreparedRecord,
    error: &rusqlite::Error,
) -> Result<Option<Conflict>, rusqlite::Error> {
    let rusqlite::Error::SqliteFailure(failure, Some(message)) = error else { return Ok(None) };
    if failure.extended_code == ffi::SQLITE_CONSTRAINT_PRIMARYKEY {
        return Ok(Some(Conflict::Exists));
    }
    // Both may be violated; the precondition comes first.
    if let Some(failed_precondition) = failed_precondition(db, commit)? {
        return Ok(Some(failed_precondition));
    }
    // The message is a list of columns: "UNIQUE constraint failed: orders.orders.$ticketId".
    let violated = unique_indexes(commit).find(|index| {
        let columns: Vec<_> =
            index.fields.iter().map(|field| format!("{}.{}", commit.table.name(), sql::column_name(field))).collect();
        message.strip_suffix(&columns.join(", ")).is_some_and(|rest| rest.ends_with(": "))
    });
    Ok(violated.map(|index| Conflict::Unique(index.name)))
}

/// How the commit fails its precondition, if it does.
fn failed_precondition(db: &Connection, commit: &PreparedRecord) -> Result<Option<Conflict>, rusqlite::Error> {
    let text = format!("SELECT version FROM {} WHERE id = ?", sql::table(commit.table));
    let present: Option<i64> = db.prepare_cached(&text)?.query_row([&commit.record.id], |row| row.get(0)).optional()?;
    Ok(match commit.expected {
        None => present.map(|_| Conflict::Exists),
        Some(expected) => (present != Some(expected)).then_some(Conflict::Stale),
    })
}

/// The unique indexes that the record would be in.
fn unique_indexes(commit: &PreparedRecord) -> impl Iterator<Item = &'static Index> {
    commit.table.collection.indexes.iter().filter(|index| {
        index.unique
            && index.only.as_ref().is_none_or(|only| {
                commit.record.field(only.field).as_str().is_some_and(|value| only.values.contains(&value))
            })
    })
}

/// The unique index under which another record is equal to this one, if `null` is among the
/// equal values. In SQL no `null` equals another, so its indexes do not detect this.
fn equal_in_null(db: &Connection, commit: &PreparedRecord) -> Result<Option<&'static Index>, rusqlite::Error> {
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
        let text = format!("SELECT 1 FROM {} WHERE id <> ?{equal}{only}", sql::table(commit.table));
        let parameters = std::iter::once(commit.record.id.clone()).chain(values.iter().map(|value| value.to_string()));
        if db.prepare_cached(&text)?.exists(rusqlite::params_from_iter(parameters))? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}
