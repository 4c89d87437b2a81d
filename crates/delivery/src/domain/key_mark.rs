use serde::{Deserialize, Serialize};

/// Which secret the codes in this database are recognised by. Under another one none of them would be, and all could be
/// sold once more (invariant I17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeyMark {
    pub(crate) id: String,
    /// What the secret makes of a text that everybody knows, which tells nothing of the secret.
    fingerprint: String,
}

impl KeyMark {
    /// The mark of the only secret there is.
    pub(crate) const ID: &str = "codes";

    /// The first process to claim a code leaves this.
    pub(crate) fn new(fingerprint: String) -> Self {
        Self { id: Self::ID.to_owned(), fingerprint }
    }

    /// Whether it is of the same secret.
    pub(crate) fn is_of_the_same(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}
