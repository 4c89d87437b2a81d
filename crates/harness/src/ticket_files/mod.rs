//! Tickets as sellers have them in files, written as the programs write them that make such files.

mod pass;
mod pdf;

pub use pass::{archive, pass_of, pass_text, signature_of, signed};
pub use pdf::{pdf_of, stream_of};
