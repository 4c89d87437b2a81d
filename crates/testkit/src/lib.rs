//! Tests of the whole system and what they need.

pub mod contract;
pub mod engines;
