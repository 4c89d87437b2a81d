//! Files are parsed in a process of their own. A parser that hangs, crashes or takes all memory ends that process, and
//! nothing else: it is given the file on its standard input, answers in JSON on its standard output, and knows no
//! settings, no secrets and no network.
//!
//! [`run_worker`] is what the process does; it is the same executable with a hidden subcommand. [`Client`] starts one
//! for each file, and kills it at the deadline.

mod answer;
mod client;
mod limits;
mod run;

pub use answer::{Answer, MAX_ANSWER};
pub use client::{Client, Place, WorkerError};
pub use run::run_worker;
