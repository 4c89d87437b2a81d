//! Files that people upload, which are hostile until the opposite is shown. A file is what its content says; neither
//! its name nor what the browser calls it counts. Four kinds are taken, and everything else is refused: images that
//! are programs (SVG), pages (HTML), scripts, archives.
//!
//! [`Upload`] looks at a file while it comes in. What has to be parsed is parsed by the [worker](crate::worker), in
//! another process, and within the limits given here: what a file claims of itself is checked before memory is taken
//! for it.

mod actions;
mod active_content;
mod image;
mod image_end;
mod kind;
mod link;
mod manifest;
mod page_tree;
mod pass_part;
mod pass_text;
mod pdf;
mod pdf_index;
mod picture;
mod pkpass;
mod refusal;
mod tokens;
mod upload;
mod zip_layout;

pub use self::image::{MAX_PIXELS, MAX_SIDE, MIN_SIDE, read as read_image};
pub use kind::Kind;
pub use pass_text::{Pass, PassBarcode};
#[cfg(test)]
pub(crate) use pdf::parse as parse_pdf;
pub use pdf::{MAX_OBJECTS, MAX_PAGES, open as open_pdf};
pub use picture::Picture;
pub use pkpass::{MAX_ENTRIES, MAX_UNPACKED, read as read_pkpass};
pub use refusal::Refusal;
pub use upload::{MAX_BYTES, Upload, Uploaded};
