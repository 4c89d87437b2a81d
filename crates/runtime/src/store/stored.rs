use common::version::{Version, Versioned};
use ports::store::{Collection, Record, Revision, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The field with the aggregate's version, if that differs from the record's revision: from the first
/// change on that was not published.
const PUBLISHED_VERSION: &str = "publishedVersion";

/// What a record may have no field called: the names of what is kept beside it, here or by a store.
const RESERVED: [&str; 5] = ["version", PUBLISHED_VERSION, "_id", "outbox", "_commit"];

/// A domain object that is stored and changed as one.
pub trait Stored: Clone + Send + Sync + 'static {
    /// Where it is stored.
    const COLLECTION: &'static Collection;

    /// How it is stored: an object with a field `id`, and none that is called as what is kept beside it is (`version`,
    /// for one), which is an error. Often the aggregate itself.
    type Record: Serialize + DeserializeOwned + From<Self> + Into<Self>;

    /// Its id.
    fn id(&self) -> String;
}

/// An aggregate as it was read, with what the next commit has to match.
#[derive(Clone)]
pub(super) struct Loaded<A> {
    pub(super) revision: Revision,
    pub(super) aggregate: Versioned<A>,
}

pub(super) fn to_record<A: Stored>(aggregate: &Versioned<A>, revision: Revision) -> Result<Record, StoreError> {
    match serde_json::to_value(A::Record::from(aggregate.value.clone())) {
        Ok(Value::Object(mut body)) => {
            body.remove("id");
            if let Some(name) = RESERVED.iter().find(|name| body.contains_key(**name)) {
                return Err(StoreError::Corrupt(format!("{}: the field {name} is ours", A::COLLECTION.name)));
            }
            if aggregate.version.0 != revision.0 {
                body.insert(PUBLISHED_VERSION.into(), aggregate.version.0.into());
            }
            Ok(Record { id: aggregate.value.id(), revision, body })
        }
        Ok(other) => Err(StoreError::Corrupt(format!("an aggregate must be an object, not {other}"))),
        Err(error) => Err(StoreError::Corrupt(error.to_string())),
    }
}

pub(super) fn from_record<A: Stored>(record: Record) -> Result<Loaded<A>, StoreError> {
    let Record { id, revision, mut body } = record;
    let unreadable = |error| StoreError::Corrupt(format!("{} {id}: {error}", A::COLLECTION.name));
    let version = published_version(&mut body).transpose().map_err(unreadable)?.unwrap_or(Version(revision.0));
    body.insert("id".into(), id.as_str().into());
    let record: A::Record = serde_json::from_value(Value::Object(body)).map_err(unreadable)?;
    Ok(Loaded { revision, aggregate: Versioned { version, value: record.into() } })
}

fn published_version(body: &mut Map<String, Value>) -> Option<Result<Version, serde_json::Error>> {
    body.remove(PUBLISHED_VERSION).map(serde_json::from_value)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// With a field of any name.
    #[derive(Debug, Clone, Serialize, Deserialize)]
    struct Named(Map<String, Value>);

    impl Stored for Named {
        const COLLECTION: &'static Collection = &Collection { name: "named", indexes: &[] };

        type Record = Self;

        fn id(&self) -> String {
            "1".into()
        }
    }

    #[test]
    fn a_field_that_a_store_would_take_for_its_own_is_refused_on_every_store() {
        let stored = |name: &str| {
            let value = Named(Map::from_iter([(name.to_owned(), 1.into())]));
            to_record(&Versioned { version: Version::FIRST, value }, Revision(0))
        };
        for name in ["version", "publishedVersion", "_id", "outbox", "_commit"] {
            assert!(matches!(stored(name), Err(StoreError::Corrupt(what)) if what.contains(name)), "{name}");
        }
        assert!(stored("versions").is_ok());
    }
}
