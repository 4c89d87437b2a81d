//! The product's own program as processes of a test: launched, killed, stopped, restarted.
//!
//! They get only the parts of the test's environment that a program needs to run, so that `MONGODB_URI` and
//! the like reach them only where a test sets them; and they do not outlive the test's process, even if that
//! is killed.

mod output;
mod program;
mod running;
mod server;
mod services;
mod signals;

pub use program::{Finished, Program};
pub use server::Server;
pub use services::{MAIL_SECRET, MASTER_KEYS, Services, TICKET_KEYS};
pub use signals::{freeze, thaw};
