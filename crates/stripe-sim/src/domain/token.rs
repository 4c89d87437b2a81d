use common::outcome::Outcome;
use serde::{Deserialize, Serialize};

use super::card::Card;

/// A card that a page has turned into a token. It can be used once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CardToken {
    pub(crate) id: String,
    pub(crate) card: Card,
    /// The intent that used it.
    pub(crate) used_by: Option<String>,
}

/// The token was used by another intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UsedBefore;

impl CardToken {
    /// Uses it for this intent, which may have used it before.
    pub(crate) fn claim(&mut self, intent: &str) -> Result<Outcome<()>, UsedBefore> {
        match &self.used_by {
            None => {
                self.used_by = Some(intent.to_owned());
                Ok(Outcome::Changed(()))
            }
            Some(user) if user == intent => Ok(Outcome::Unchanged),
            Some(_) => Err(UsedBefore),
        }
    }
}
