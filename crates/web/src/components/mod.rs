//! Parts that several pages have.

mod field;

pub(crate) use field::Field;
