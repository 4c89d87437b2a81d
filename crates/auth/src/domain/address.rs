use std::sync::LazyLock;

use common::email::{Email, InvalidEmail};
use common::id::UserId;
use serde::{Deserialize, Serialize};

/// An account's address, and whether it is known that its owner reads mail there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "AddressRecord", into = "AddressRecord")]
pub(super) enum Address {
    /// As somebody has typed it, where nobody had to confirm theirs.
    Trusted(Email),
    /// Somebody has shown that they read mail there.
    Confirmed(Email),
    /// As somebody has typed it. It is theirs once it is confirmed; until then others may claim it, too, so that
    /// nobody learns from us which addresses have accounts, or keeps an address from its owner.
    Claimed {
        email: Email,
        /// The account.
        by: UserId,
    },
    /// It is forgotten, with the account of this id.
    Erased { of: UserId },
}

impl Address {
    pub(super) fn email(&self) -> &Email {
        match self {
            Self::Trusted(email) | Self::Confirmed(email) | Self::Claimed { email, .. } => email,
            Self::Erased { .. } => &NOWHERE,
        }
    }
}

/// Where nobody can be written to (RFC 2606): in place of an address that is forgotten.
static NOWHERE: LazyLock<Email> =
    LazyLock::new(|| Email::parse("nobody@erased.invalid").expect("has the form of an address"));

/// How an address is kept.
#[derive(Serialize, Deserialize)]
struct AddressRecord {
    /// Unique: the address, if the account holds it; else the account's id, which is in nobody's way.
    email: String,
    /// The address, if the account does not hold it.
    #[serde(default)]
    claims: Option<Email>,
    #[serde(default)]
    standing: Standing,
}

/// What accounts of earlier versions do not say: they are trusted.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Standing {
    #[default]
    Trusted,
    Confirmed,
    Claimed,
    Erased,
}

impl From<Address> for AddressRecord {
    fn from(address: Address) -> Self {
        let held = |email: Email, standing| Self { email: email.to_string(), claims: None, standing };
        match address {
            Address::Trusted(email) => held(email, Standing::Trusted),
            Address::Confirmed(email) => held(email, Standing::Confirmed),
            Address::Claimed { email, by } => {
                Self { email: by.to_string(), claims: Some(email), standing: Standing::Claimed }
            }
            Address::Erased { of } => Self { email: of.to_string(), claims: None, standing: Standing::Erased },
        }
    }
}

impl TryFrom<AddressRecord> for Address {
    type Error = InvalidEmail;

    fn try_from(AddressRecord { email, claims, standing }: AddressRecord) -> Result<Self, InvalidEmail> {
        match (standing, claims) {
            (Standing::Claimed, Some(claimed)) => {
                Ok(Self::Claimed { email: claimed, by: email.parse().map_err(|_| InvalidEmail)? })
            }
            (Standing::Erased, _) => Ok(Self::Erased { of: email.parse().map_err(|_| InvalidEmail)? }),
            (Standing::Confirmed, _) => Email::try_from(email).map(Self::Confirmed),
            (Standing::Trusted | Standing::Claimed, _) => Email::try_from(email).map(Self::Trusted),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_held_address_is_in_the_way_of_others() {
        let email = Email::parse("ada@example.com").expect("an address");
        let by: UserId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        let held = |standing: &str| json!({"email": "ada@example.com", "claims": null, "standing": standing});
        for (address, record) in [
            (Address::Trusted(email.clone()), held("trusted")),
            (Address::Confirmed(email.clone()), held("confirmed")),
            (Address::Claimed { email, by }, json!({"email": by, "claims": "ada@example.com", "standing": "claimed"})),
        ] {
            assert_eq!(address.email().as_str(), "ada@example.com");
            assert_eq!(json!(address), record);
            assert_eq!(serde_json::from_value::<Address>(record).expect("reads"), address);
        }
    }

    #[test]
    fn a_forgotten_address_is_in_nobodys_way_either() {
        let of: UserId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        let record = json!({"email": of, "claims": null, "standing": "erased"});
        assert_eq!(json!(Address::Erased { of }), record);
        let erased = serde_json::from_value::<Address>(record).expect("reads");
        assert_eq!((erased.email().as_str(), &erased), ("nobody@erased.invalid", &Address::Erased { of }));
    }

    #[test]
    fn addresses_of_earlier_versions_are_trusted() {
        let former = json!({"email": "ada@example.com"});
        assert!(matches!(serde_json::from_value(former).expect("reads"), Address::Trusted(_)));
        assert!(serde_json::from_value::<Address>(json!({"email": "nonsense"})).is_err());
        // Nobody can sign up with it any more.
        let odd = json!({"email": "ada@xn--a.com"});
        assert_eq!(serde_json::from_value::<Address>(odd).expect("opens").email().as_str(), "ada@xn--a.com");
    }
}
