use serde::{Deserialize, Serialize};

use super::Event;
use crate::id::UserId;

/// Somebody's account is gone for good: every service forgets the person. What others need stays (amounts, what was
/// bought and sold), without anything that says whose it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "asyncapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct UserErased {
    /// Who.
    pub user_id: UserId,
}

impl Event for UserErased {
    const TYPE: &'static str = "users.erased";
    fn subject(&self) -> String {
        self.user_id.to_string()
    }
}
