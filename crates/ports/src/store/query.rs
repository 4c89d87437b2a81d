use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::record::Record;

/// What must hold for a record to be found. Fields are dotted paths into the body, to texts, numbers,
/// booleans or `null`: whether an array or an object meets a condition depends on the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The field is this value.
    Equals(&'static str, Value),
    /// The field is one of these values.
    OneOf(&'static str, Vec<Value>),
    /// The field is this value or a greater one of the same type.
    AtLeast(&'static str, Value),
    /// The field is this value or a smaller one of the same type.
    AtMost(&'static str, Value),
    /// The field is a list, and one of the texts in it is one of these. An index of the list
    /// ([`Index::list`](super::Index::list)) supports this.
    HasAny(&'static str, Vec<SoughtText>),
    /// At least one of these does not hold, be it that its field is missing. No index supports this: it is for what
    /// other conditions leave.
    NotAll(Vec<Condition>),
    /// This holds, perhaps in nearly all records: it is tested on what other conditions, or the order, lead to. An engine
    /// that chooses indexes without knowing what is frequent uses none for it; another may see for itself.
    Unindexed(Box<Condition>),
}

impl Condition {
    /// The field is this value, perhaps in nearly all records: see [`Self::Unindexed`].
    pub fn equals_mostly(field: &'static str, value: impl Into<Value>) -> Self {
        Self::Unindexed(Box::new(Self::Equals(field, value.into())))
    }

    /// The field is a list, and one of the texts in it begins with this one.
    pub fn has_prefix(field: &'static str, prefix: impl Into<String>) -> Self {
        Self::HasAny(field, vec![SoughtText::Beginning(prefix.into())])
    }
}

/// A text that is looked for in a list, letter by letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoughtText {
    /// This text.
    Whole(String),
    /// Every text that begins with this one.
    Beginning(String),
}

impl SoughtText {
    /// What is given of it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Whole(text) | Self::Beginning(text) => text,
        }
    }
}

/// Which of a store's queues a query waits in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lane {
    /// For what an index answers by looking at few records.
    #[default]
    Direct,
    /// For what may have to look at many. Few of these run at once, none for long, and what is too much is
    /// refused with [`OverBudget`](super::StoreError::OverBudget): whoever is in the other lane must not notice.
    Search,
}

/// Which way a result is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

/// A query of a collection. Records are sorted by `sort`, those that are equal in it by their id,
/// both in `direction`. The field to sort by is present in every record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// The field to sort by; by id if there is none.
    pub sort: Option<&'static str>,
    /// Which way.
    pub direction: Direction,
    /// Only records after this position.
    pub after: Option<Cursor>,
    /// At most this many; all if there is none.
    pub limit: Option<usize>,
    /// Which queue it waits in.
    pub lane: Lane,
}

impl Query {
    /// Everything that meets these conditions, by id.
    pub fn all(conditions: Vec<Condition>) -> Self {
        Self { conditions, ..Self::default() }
    }
}

/// A position in a sorted result: just after one record. It stays valid when records before or after
/// it are added or removed.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// The value of that record's sort field; `null` when sorted by id.
    pub value: Value,
    /// The record's id.
    pub id: String,
}

/// The text is not a cursor.
#[derive(Debug, thiserror::Error)]
#[error("not a cursor")]
pub struct InvalidCursor;

impl Cursor {
    /// The position just after `record` in a result sorted by `sort`.
    pub fn after(record: &Record, sort: Option<&'static str>) -> Self {
        let value = sort.map_or(Value::Null, |field| record.field(field).clone());
        Self { value, id: record.id.clone() }
    }

    /// As text that is safe in a URL.
    pub fn encode(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::json!([self.value, self.id]).to_string())
    }

    /// Reads [`Cursor::encode`]'s text.
    ///
    /// # Errors
    /// If it is anything else.
    pub fn decode(text: &str) -> Result<Self, InvalidCursor> {
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| InvalidCursor)?;
        let (value, id): (Value, String) = serde_json::from_slice(&json).map_err(|_| InvalidCursor)?;
        match value {
            Value::Null | Value::Number(_) | Value::String(_) => Ok(Self { value, id }),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(InvalidCursor),
        }
    }
}
