//! What delivers tickets: so far what it stands on, without a service around it.

pub mod barcodes;
pub mod files;
#[cfg(test)]
mod fuzz;
pub mod inspection;
pub mod sealing;
pub mod storage;
#[cfg(test)]
mod testing;
pub mod vault;
pub mod worker;
