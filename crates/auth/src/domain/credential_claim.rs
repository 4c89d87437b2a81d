use common::id::UserId;
use serde::{Deserialize, Serialize};

/// That a passkey is one account's: no other account has one that its authenticator calls the same, as the standard asks
/// for (WebAuthn Level 3, section 7.1). It outlives the passkey, for no authenticator makes the same one twice, and goes
/// with the account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CredentialClaim {
    /// The hash of what the authenticator calls it, which may be long.
    pub(crate) id: String,
    pub(crate) user_id: UserId,
}
