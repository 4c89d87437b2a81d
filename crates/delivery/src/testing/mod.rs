//! Files for the tests of this crate.

mod drawing;
mod passes;
mod pdf;
mod samples;

pub(crate) use drawing::{drawn, on_white, png};
pub(crate) use passes::{archive, pass_of, pass_text, signature_of, signed};
pub(crate) use pdf::{lines_of, pages_of, pdf_of};
pub(crate) use samples::{Sample, TREATMENTS, samples};
