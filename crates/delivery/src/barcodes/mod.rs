//! The codes that let somebody in, as they are found in an uploaded file: QR, Aztec, PDF417 and Code 128, in images
//! and pages, and what a wallet's pass says that it shows.
//!
//! What is found is a help and no proof: a code may be there that is not found, and another code (of an
//! advertisement) may be found with it.

mod bullseye;
mod code;
mod page;
mod pass;
mod search;
mod transform;

pub use code::{Code, MAX_CODES, MAX_TEXT, Symbology};
pub use page::find_in_pages;
pub use pass::codes_of;
pub use search::find_in_picture;
