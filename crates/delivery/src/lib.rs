//! What delivers tickets: so far what it stands on, without a service around it.

pub mod barcodes;
pub mod files;
pub mod inspection;
pub mod sealing;
#[cfg(test)]
mod testing;
pub mod worker;
