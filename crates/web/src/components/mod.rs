//! Parts that several pages have.

mod field;
pub(crate) mod moment;

pub(crate) use field::Field;
