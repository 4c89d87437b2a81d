//! Files for the tests of this crate.

mod pdf;

pub(crate) use pdf::pdf_of;
