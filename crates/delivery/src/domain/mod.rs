//! What may be given to whom: what sellers have given us for their listings, and what is handed over by orders.

mod access;
mod admission;
mod code;
mod file_claim;
mod handover;
mod key_mark;
mod listing;
mod loose_file;
mod organiser;
mod place;
mod place_claim;
#[cfg(test)]
pub(crate) mod testing;

pub(crate) use access::{Role, visible_seal};
pub(crate) use admission::{
    Admission, AlreadySold, Closing, Issue, IssueRefused, NewSeal, SealRefused, SealStanding, Sealed, SealedAgain,
    SealedCodes, StoredFile, Wrapped,
};
pub(crate) use code::{CLEARED_EVERY, Claimed, ClaimedAnew, CodeClaim, FREED_WITHIN, GRACE, Taken};
pub(crate) use file_claim::FileClaim;
pub(crate) use handover::{Handover, HandoverState, Heard, Missed, Released};
pub(crate) use key_mark::KeyMark;
pub(crate) use listing::{Listing, Mode};
pub(crate) use loose_file::{LOOSE_FOR, LooseFile};
pub(crate) use organiser::Organisers;
pub(crate) use place::{CheckIn, Conflict, NotIssued, Place, PlaceVersion, Scan, ScanAnswer, Seat};
pub(crate) use place_claim::PlaceClaim;

/// An event builds on one that has not arrived yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an earlier version is missing")]
pub(crate) struct Gap;
