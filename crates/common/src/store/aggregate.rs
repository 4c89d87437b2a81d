use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::StoreError;
use super::record::{Collection, Record};
use crate::version::Version;

/// A domain object that is stored and changed as one.
///
/// It serialises to an object with the fields `id` and `version` among its others.
pub trait Aggregate: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Where it is kept.
    const COLLECTION: &'static Collection;

    /// Its id.
    fn id(&self) -> String;

    /// Its version.
    fn version(&self) -> Version;

    /// Stamps it with a version. Only the store calls this.
    fn set_version(&mut self, version: Version);
}

pub(super) fn to_record<A: Aggregate>(aggregate: &A) -> Result<Record, StoreError> {
    match serde_json::to_value(aggregate) {
        Ok(Value::Object(mut body)) => {
            body.remove("id");
            body.remove("version");
            Ok(Record { id: aggregate.id(), version: aggregate.version(), body })
        }
        Ok(other) => Err(StoreError::Corrupt(format!("an aggregate must be an object, not {other}"))),
        Err(error) => Err(StoreError::Corrupt(error.to_string())),
    }
}

pub(super) fn from_record<A: Aggregate>(record: Record) -> Result<A, StoreError> {
    let Record { id, version, mut body } = record;
    let place = format!("{} {id}", A::COLLECTION.name);
    body.insert("id".into(), id.into());
    body.insert("version".into(), version.0.into());
    serde_json::from_value(Value::Object(body)).map_err(|error| StoreError::Corrupt(format!("{place}: {error}")))
}
