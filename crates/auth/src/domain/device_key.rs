use common::outcome::Outcome;
use serde::{Deserialize, Serialize};

/// The key that the cookies of known browsers are signed with: one for all replicas.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeviceKey {
    pub(crate) id: String,
    /// 32 random bytes, in base64url without padding; in the database they are wrapped, as signing keys are.
    pub(crate) key: String,
}

impl DeviceKey {
    /// The id of the only one.
    pub(crate) const ID: &'static str = "1";

    /// From now on it is kept as `wrapped`, if it is still kept as `before`.
    pub(crate) fn rewrap(&mut self, before: &str, wrapped: &str) -> Outcome<()> {
        if self.key != before {
            return Outcome::Unchanged;
        }
        wrapped.clone_into(&mut self.key);
        Outcome::Changed(())
    }
}
