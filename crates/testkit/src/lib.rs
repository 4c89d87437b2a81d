//! Tests of the whole system and what they need.

pub mod engines;
