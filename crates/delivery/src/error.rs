use axum::response::{IntoResponse, Response};
use http::StatusCode;
use ports::store::StoreError;
use runtime::http::{ApiError, Validator};

use crate::domain::{FREED_WITHIN, SealRefused};
use crate::files::Refusal;
use crate::sealing::{FileId, SealingError};
use crate::storage::StorageError;
use crate::vault::VaultError;
use crate::worker::WorkerError;

/// Why a request was refused.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeliveryError {
    /// Fields of the request broke rules.
    #[error("the request is not valid")]
    Invalid(Validator),
    /// The file is not taken.
    #[error("{}", in_words(*.0))]
    Refused(Refusal),
    /// What looked at the file found no end, or came to none.
    #[error("This file cannot be read: please export or scan the ticket again, and upload that")]
    Unreadable,
    /// The upload broke off, was too slow or too large.
    #[error("the upload broke off")]
    BrokenOff(ApiError),
    /// Another listing has the code.
    #[error("This ticket is for sale here already, or was sold here.")]
    CodeListed,
    /// Another listing has the very file.
    #[error(
        "This very file was handed in for another ticket that is for sale here, or was sold here. If it has the tickets of several in it, please upload the page with this one alone"
    )]
    FileListed,
    /// Another listing of the same seller has it, who has replaced it there.
    #[error(
        "You have handed this in for another of your listings, and replaced it there: it is free again within {} minutes",
        FREED_WITHIN.as_secs().div_ceil(60)
    )]
    CodeBeingFreed,
    /// Nothing is taken from the seller.
    #[error(transparent)]
    SealRefused(#[from] SealRefused),
    /// The file or code is a ticket that we have issued.
    #[error("This ticket was issued here: sell it on as one that is issued here, and its buyer gets a new one")]
    IssuedHere,
    /// As many files come in, or go out, as may.
    #[error("Too many files are on their way at the moment, please try again")]
    Busy,
    /// It took so long that what had been found out may not be so any more.
    #[error("This took too long, please try again")]
    TooSlow,
    /// The ticket or order is somebody else's.
    #[error("Not authorized")]
    NotTheOwner,
    /// There is no such ticket, order or file, or not for whoever asks.
    #[error("Not Found")]
    NotFound,
    /// What another service made a moment ago has not been heard of yet.
    #[error("not heard of yet")]
    NotHeardYet,
    /// A file that was handed in is not in the store any more, or not as it was.
    #[error(
        "The file of this ticket is lost or damaged at our end, and trying again will not help. If you have bought it, please ask us for help: you get your money back. If you sell it, please upload it again"
    )]
    FileLost(FileId, #[source] VaultError),
    /// The object store did not do its part.
    #[error(transparent)]
    Storage(StorageError),
    /// Something could not be sealed or opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// Nobody could look at the file.
    #[error(transparent)]
    Worker(WorkerError),
    /// The secret that codes are recognised by is not the one that those in the database are.
    #[error("the secret `codes` of the master keys is not the one that this database began with: give that back")]
    OtherCodeKey,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultError> for DeliveryError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Refused(refusal) => Self::Refused(refusal),
            VaultError::Sealing(error) => Self::Sealing(error),
            VaultError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<WorkerError> for DeliveryError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::UsedUp => Self::Refused(Refusal::TooMuchToLookAt),
            error if error.is_about_the_file() => Self::Unreadable,
            error => Self::Worker(error),
        }
    }
}

impl From<DeliveryError> for ApiError {
    fn from(error: DeliveryError) -> Self {
        let message = error.to_string();
        match error {
            DeliveryError::Invalid(validator) => validator.into_error(),
            DeliveryError::Refused(Refusal::TooLarge) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", message)
            }
            DeliveryError::Refused(_) | DeliveryError::Unreadable => Self::bad_request("file_refused", message),
            DeliveryError::BrokenOff(error) => error,
            DeliveryError::CodeListed => Self::conflict("code_listed", message),
            DeliveryError::FileListed => Self::conflict("file_listed", message),
            DeliveryError::CodeBeingFreed => Self::conflict("code_being_freed", message),
            DeliveryError::SealRefused(refused) => Self::bad_request(code_of(refused), message),
            DeliveryError::IssuedHere => Self::bad_request("issued_here", message),
            DeliveryError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_files", message).retry_after(2),
            DeliveryError::TooSlow => Self::not_yet("try_again", message),
            DeliveryError::NotTheOwner => Self::not_the_owner(),
            DeliveryError::NotFound => Self::not_found(),
            DeliveryError::NotHeardYet => Self::not_heard_yet(),
            DeliveryError::FileLost(file, error) => {
                tracing::error!(%file, %error, "a file of a ticket is lost or damaged");
                metrics::counter!("delivery_unreadable_total").increment(1);
                Self::new(StatusCode::GONE, "file_lost", message)
            }
            DeliveryError::Storage(error) => {
                tracing::error!(%error, "a file was not stored or read");
                metrics::counter!("delivery_storage_failures_total").increment(1);
                away()
            }
            DeliveryError::Worker(error) => {
                tracing::error!(%error, "nobody could look at a file");
                metrics::counter!("delivery_storage_failures_total").increment(1);
                away()
            }
            DeliveryError::Sealing(error) => {
                tracing::error!(%error, "a file was not sealed or opened");
                metrics::counter!("delivery_unreadable_total").increment(1);
                Self::internal()
            }
            DeliveryError::OtherCodeKey => away(),
            DeliveryError::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for DeliveryError {
    fn into_response(self) -> Response {
        ApiError::from(self).into_response()
    }
}

/// Files cannot be stored or read at the moment.
fn away() -> ApiError {
    ApiError::not_yet("try_again", "Files cannot be reached at the moment, please try again").retry_after(5)
}

fn code_of(refused: SealRefused) -> &'static str {
    match refused {
        SealRefused::Reserved => "ticket_reserved",
        SealRefused::Sold => "ticket_sold",
        SealRefused::Withdrawn => "not_for_sale",
        SealRefused::TooLate => "delivery_overdue",
        SealRefused::NothingPromised => "nothing_promised",
        SealRefused::NotByUpload => "not_by_upload",
        SealRefused::TooMany => "too_many_replacements",
    }
}

/// Why a file is not taken, for who uploads it.
fn in_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Empty => "This file is empty",
        Refusal::TooLarge => "This file is larger than 10 MiB",
        Refusal::UnknownKind => "Only PDF, PNG, JPEG and pkpass files are taken",
        Refusal::Damaged => "This file is damaged: please export or scan the ticket again",
        Refusal::Locked => "This file is locked by a password: please save it without one",
        Refusal::TooManyPixels => "This image has too many pixels: please make it smaller",
        Refusal::TooFewPixels => "This image is too small to show a ticket: please upload it as large as you have it",
        Refusal::TooManyPages => "This document has too many pages or parts: please upload the ticket alone",
        Refusal::UnfitPage => {
            "A page of this document is smaller or larger than any paper: please print it into a PDF, and upload that"
        }
        Refusal::TooMuchToLookAt => "This file takes too long to look at: please upload the page with the ticket alone",
        Refusal::TooManyCodes => "This file has more codes than one ticket has: please upload the ticket alone",
        Refusal::UnpacksToTooMuch | Refusal::UnsafePath | Refusal::UnfitPass => {
            "This pass is not one that a wallet would take: please upload the ticket as a PDF, or type in its code"
        }
        Refusal::UnfitBarcode => {
            "The code of this pass cannot be read: please upload the ticket as a PDF, or type in its code"
        }
        Refusal::VoidPass => "This pass says that it is not valid any more: please upload the one that took its place",
        Refusal::ActiveContent => {
            "This document has scripts, other files or unsafe links in it: please print it into a PDF, and upload that"
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn answer(error: DeliveryError) -> (u16, bool) {
        let response = error.into_response();
        (response.status().as_u16(), response.headers().contains_key(http::header::RETRY_AFTER))
    }

    #[test]
    fn what_may_go_better_later_says_so_and_what_will_not_does_not() {
        let away = || StorageError::Away("no answer".into());
        assert_eq!(answer(DeliveryError::Storage(away())), (503, true));
        assert_eq!(answer(DeliveryError::Storage(StorageError::Full)), (503, true));
        assert_eq!(answer(DeliveryError::Busy), (503, true));
        assert_eq!(answer(WorkerError::NotRunning(io::Error::other("none")).into()), (503, true));
        assert_eq!(answer(WorkerError::Flooded.into()), (400, false));
        assert_eq!(answer(WorkerError::UsedUp.into()), (400, false));
        assert_eq!(answer(DeliveryError::Refused(Refusal::TooLarge)), (413, false));
        assert_eq!(answer(DeliveryError::Refused(Refusal::Locked)), (400, false));
        assert_eq!(answer(SealingError::NotWhatWasSealed.into()), (500, false));
    }
}
