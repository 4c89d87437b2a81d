//! Files for the tests of this crate.

mod drawing;
mod passes;
mod pdf;
mod samples;

pub(crate) use drawing::{drawn, on_white, png};
pub(crate) use passes::{SIGNED, archive, pass_of, signed};
pub(crate) use pdf::{lines_of, pages_of, pdf_of};
pub(crate) use samples::{Sample, TREATMENTS, samples};
