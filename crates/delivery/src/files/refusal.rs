use serde::{Deserialize, Serialize};

/// Why a file is not taken. The words are for logs and programs; what people read is in the pages' messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Nothing came.
    #[error("the file is empty")]
    Empty,
    /// More than 10 MiB.
    #[error("the file is too large")]
    TooLarge,
    /// Neither PDF nor PNG nor JPEG nor pkpass.
    #[error("the file is of a kind that is not taken")]
    UnknownKind,
    /// It begins like one of these and goes on otherwise.
    #[error("the file is damaged")]
    Damaged,
    /// A PDF that needs a password, or a pass with encrypted entries.
    #[error("the file is locked by a password")]
    Locked,
    /// An image with more pixels than a photograph has.
    #[error("the image has too many pixels")]
    TooManyPixels,
    /// An image in which no code has room.
    #[error("the image has too few pixels")]
    TooFewPixels,
    /// A PDF that is a book.
    #[error("the document has too many pages or parts")]
    TooManyPages,
    /// A PDF with a page that is smaller or larger than paper is.
    #[error("the document has a page of a size that no paper has")]
    UnfitPage,
    /// A PDF with pages that there was no time to look at, or a file that takes too much time to be read at all.
    #[error("the document has too many pages to look at")]
    TooMuchToLookAt,
    /// More codes than one ticket has.
    #[error("the file has too many codes")]
    TooManyCodes,
    /// A pass that unpacks to far more than a pass has.
    #[error("the pass unpacks to too much")]
    UnpacksToTooMuch,
    /// A pass with an entry whose path leads out of it.
    #[error("the pass has an entry with an unsafe path")]
    UnsafePath,
    /// A pass without what every pass has, or with what none has.
    #[error("the pass is not as wallets take them")]
    UnfitPass,
    /// A pass with a code that we cannot take: of a kind that no wallet draws, too long, or empty.
    #[error("the pass has a code that cannot be read")]
    UnfitBarcode,
    /// A pass that says of itself that it lets nobody in any more.
    #[error("the pass is void")]
    VoidPass,
    /// A PDF that runs scripts or programs, carries other files, or leads to others or to programs.
    #[error("the document has scripts, files or unsafe links in it")]
    ActiveContent,
}
