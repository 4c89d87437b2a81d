//! The commands of `ticketing`.

mod serve;
mod service;
mod web;

pub use serve::ServeCommand;
pub use service::ServiceCommand;
