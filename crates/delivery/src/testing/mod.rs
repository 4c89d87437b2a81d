//! Files for the tests of this crate.

mod drawing;
mod pdf;
mod samples;

pub(crate) use drawing::{drawn, on_white, png};
pub(crate) use pdf::{lines_of, pages_of};
pub(crate) use samples::{Sample, TREATMENTS, samples};
