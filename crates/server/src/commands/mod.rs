//! What `ticketing` can be asked to do.

mod serve;
mod service;
mod web;

pub use serve::ServeCommand;
pub use service::ServiceCommand;
