//! The product's own program as processes of a test: launched, killed, ended, restarted.
//!
//! They see nothing of the test's environment but what a program needs to run, so that
//! `MONGODB_URI` and the like reach them only where a test says so; and they do not outlive the
//! test's process, even if that is killed.

mod output;
mod program;
mod running;
mod server;
mod services;

pub use program::{Finished, Program};
pub use server::Server;
pub use services::Services;
