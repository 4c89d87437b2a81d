use common::version::Version;
use ports::store::Collection;
use runtime::store::Aggregate;
use serde::{Deserialize, Serialize};

use super::card::Card;

/// A card that a page has turned into a token. It pays once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CardToken {
    pub(crate) id: String,
    pub(crate) version: Version,
    pub(crate) card: Card,
    /// The intent that used it.
    pub(crate) used_by: Option<String>,
}

/// What became of an attempt to use a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is this intent's now.
    Claimed,
    /// It was this intent's already.
    Repeated,
    /// Another intent used it.
    UsedBefore,
}

impl CardToken {
    pub(crate) fn claim(&mut self, intent: &str) -> Claim {
        match &self.used_by {
            None => {
                self.used_by = Some(intent.to_owned());
                Claim::Claimed
            }
            Some(user) if user == intent => Claim::Repeated,
            Some(_) => Claim::UsedBefore,
        }
    }
}

impl Aggregate for CardToken {
    const COLLECTION: &'static Collection = &Collection { name: "stripe_tokens", indexes: &[] };

    fn id(&self) -> String {
        self.id.clone()
    }
    fn version(&self) -> Version {
        self.version
    }
    fn set_version(&mut self, version: Version) {
        self.version = version;
    }
}
