//! The commands of `ticketing`.

mod inspect_file;
mod serve;
mod service;
mod web;

pub use inspect_file::{InspectFileCommand, file_inspector};
pub use serve::ServeCommand;
pub use service::ServiceCommand;
