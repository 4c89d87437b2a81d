//! What a seller has given us for a listing.

use common::delivery::{Seal, SealMode};
use common::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::SealedAgain;
use crate::domain::FileClaim;
use crate::files::Kind;
use crate::sealing::FileId;

/// One of those that the seller gave us.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sealed {
    pub(crate) seal: Seal,
    pub(crate) at: Timestamp,
    #[serde(flatten)]
    pub(crate) what: NewSeal,
}

/// What a seller gives us: a file, the text of its code, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NewSeal {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<StoredFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) codes: Option<SealedCodes>,
    /// What its codes are recognised by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) fingerprints: Vec<String>,
}

/// A file in the object store, encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub(crate) id: FileId,
    pub(crate) kind: Kind,
    /// Of the file itself.
    pub(crate) bytes: u64,
    /// Its data key, wrapped.
    pub(crate) key: Wrapped,
    /// What it claims. A file that was given to an earlier version of the service claims nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) claim: Option<FileClaim>,
}

/// The codes and their texts, encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SealedCodes {
    pub(crate) id: FileId,
    /// Their data key, wrapped.
    pub(crate) key: Wrapped,
    /// In base64.
    pub(crate) sealed: String,
}

/// A data key as [`WrappedKey`](crate::sealing::WrappedKey) writes it.
pub(crate) type Wrapped = String;

impl NewSeal {
    /// What no other listing may have: its codes, and the file as it is, since one in which no code can be read is sold
    /// once, too.
    pub(crate) fn claims(&self) -> impl Iterator<Item = String> {
        let of_file = self.file.as_ref().and_then(|file| file.claim.as_ref());
        self.fingerprints.iter().cloned().chain(of_file.map(ToString::to_string))
    }

    /// Whether it is the same ticket, also if its keys have been wrapped anew.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        let file = |seal: &Self| seal.file.as_ref().map(|file| file.id);
        file(self) == file(other) && self.fingerprints == other.fingerprints
    }

    pub(super) fn has_claim(&self, claim: &str) -> bool {
        self.claims().any(|held| held == claim)
    }
}

impl Sealed {
    /// Whether a code of it is known.
    pub(crate) fn is_checked(&self) -> bool {
        !self.what.fingerprints.is_empty()
    }

    pub(super) fn news(&self) -> SealedAgain {
        SealedAgain { seal: self.seal, checked: self.is_checked(), mode: SealMode::Sealed, of_version: None }
    }
}
