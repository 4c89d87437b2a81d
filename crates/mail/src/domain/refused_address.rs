use aws_lc_rs::digest::{SHA256, digest};
use common::email::Email;
use common::id::UserId;
use serde::{Deserialize, Serialize};

/// An address at which a mail server knows nobody: it is not written to again. The address itself is not kept, only
/// what it is recognised by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedAddress {
    /// What it is recognised by.
    pub(crate) id: String,
    /// Whose it was, who may be erased.
    pub(crate) owner: UserId,
}

impl RefusedAddress {
    pub(crate) fn new(address: &Email, owner: UserId) -> Self {
        Self { id: Self::id(address), owner }
    }

    /// What an address is recognised by.
    pub(crate) fn id(address: &Email) -> String {
        hex::encode(digest(&SHA256, address.as_str().as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use common::id::IdGenerator;
    use common::time::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_recognised_without_being_kept() {
        let owner = IdGenerator::seeded(1).next(Timestamp::from_millis(0));
        let [ada, bob] = ["ada@example.com", "bob@example.com"].map(|text| Email::parse(text).expect("an address"));
        let refused = RefusedAddress::new(&ada, owner);
        assert_eq!(refused.id, RefusedAddress::id(&Email::parse("Ada@Example.com").expect("an address")));
        assert_ne!(refused.id, RefusedAddress::id(&bob));
        assert!(!json!(refused).to_string().contains("ada"));
    }
}
