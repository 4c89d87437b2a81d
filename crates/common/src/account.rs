//! What an operator asks the auth service about somebody's account.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// The path of [`FindAccount`] in the auth service.
pub const FIND_ACCOUNT: &str = "/internal/users/find-account";

/// Asks whose account it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindAccount {
    /// Its mail address, or its id.
    pub person: String,
}

/// The answer to [`FindAccount`], where there is such an account. No address is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundAccount {
    /// Its id.
    pub id: UserId,
}
