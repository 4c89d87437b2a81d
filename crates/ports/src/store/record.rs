use serde_json::{Map, Value};

use common::events::Envelope;

/// A named set of records and the indexes on it.
#[derive(Debug, PartialEq, Eq)]
pub struct Collection {
    /// The table's or collection's name: letters and underscores.
    pub name: &'static str,
    /// By what records are found, besides their id.
    pub indexes: &'static [Index],
}

/// An index on one or more fields of a record's body. A dot steps into a nested object.
///
/// If there is one field and it ends in `[]`, it is a list, and the index holds each of the texts in it.
/// Besides [`Condition::HasAny`](super::Condition::HasAny) it supports the search for records that do not have the list.
///
/// A field that is missing is `null`, and `null` equals `null`: a unique index allows one record
/// without the field, unless `only` leaves those out.
#[derive(Debug, PartialEq, Eq)]
pub struct Index {
    /// Unique within the collection: letters and underscores.
    pub name: &'static str,
    /// The fields, most significant first.
    pub fields: &'static [&'static str],
    /// Whether no two records may have the same values.
    pub unique: bool,
    /// If set, the index holds only records in which a field has one of some values.
    pub only: Option<Only>,
}

impl Index {
    /// An index of the records whose `field` is one of `values`: all others, which may be by far the
    /// most, take up nothing in it.
    pub const fn among(
        field: &'static str,
        values: &'static [&'static str],
        name: &'static str,
        fields: &'static [&'static str],
    ) -> Self {
        Self { name, fields, unique: false, only: Some(Only { field, values }) }
    }

    /// The field with the list, if this is the index of a list.
    pub fn list(&self) -> Option<&'static str> {
        match self.fields {
            [field] => field.strip_suffix("[]"),
            _ => None,
        }
    }
}

/// Restricts an index to records whose `field` is one of `values`.
#[derive(Debug, PartialEq, Eq)]
pub struct Only {
    /// The field that decides.
    pub field: &'static str,
    /// The values that count.
    pub values: &'static [&'static str],
}

/// Which write of a record this is: what compare and set compares. Only the record's owner sees it;
/// other services see the aggregate's [`Version`](common::version::Version).
///
/// Databases keep it under the name `version`, as they did before the two were separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision of a new record.
    pub const FIRST: Self = Self(0);

    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// One aggregate as a store keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Unique in its collection.
    pub id: String,
    /// The revision this record is at.
    pub revision: Revision,
    /// Everything else. Field names contain neither dots nor dollar signs, and are not
    /// `id`, `version`, `_id`, `_commit` or `outbox`.
    pub body: Map<String, Value>,
}

/// What must hold for a commit to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precondition {
    /// There is no record with this id; otherwise `Conflict::Exists`.
    DoesNotExist,
    /// The record is at this revision; otherwise (also if it is gone) `Conflict::Stale`.
    MatchesRevision(Revision),
}

/// One write: a record in its new state, and the events that this change causes.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The record's collection.
    pub collection: &'static Collection,
    /// The new state, with its new revision.
    pub record: Record,
    /// When the write is allowed.
    pub precondition: Precondition,
    /// What to publish. Ids are unique.
    pub events: Vec<Envelope>,
}

/// An [`Envelope`] that waits in the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// The record whose commit caused it.
    pub record_id: String,
    /// The event.
    pub envelope: Envelope,
}

/// Names an [`OutboxEntry`], to clear it once it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxKey {
    /// The record whose commit caused it.
    pub record_id: String,
    /// The envelope's id.
    pub event_id: String,
}

impl Record {
    /// The value at a dotted path of the body, `null` where there is none.
    pub fn field(&self, path: &str) -> &Value {
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let start = self.body.get(first).unwrap_or(&Value::Null);
        rest.split('.')
            .filter(|name| !name.is_empty())
            .fold(start, |value, name| value.get(name).unwrap_or(&Value::Null))
    }
}

impl Collection {
    /// The fields on which the collection is indexed, other than lists, for adapters that need a column for
    /// each.
    pub fn indexed_fields(&self) -> Vec<&'static str> {
        let fields = self.indexes.iter().filter(|index| index.list().is_none()).flat_map(|index| index.fields);
        let deciding = self.indexes.iter().filter_map(|index| index.only.as_ref().map(|only| only.field));
        let mut fields: Vec<_> = fields.copied().chain(deciding).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }
}
