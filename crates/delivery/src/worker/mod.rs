//! Files are parsed in a process of their own. A parser that hangs, crashes or takes all memory ends that process, and
//! nothing else: it is given the file on its standard input, answers in JSON on its standard output, and knows no
//! settings, no secrets and no network.
//!
//! [`run_worker`] is what the process does; it is the same executable with a hidden subcommand. [`Client`] starts one
//! for each look at a file, and kills it at the deadline. Most files need a brief look. What needs more waits for one of
//! the places in which files are looked at for long, so that it keeps nobody else waiting.

mod answer;
mod client;
mod limits;
mod look;
mod run;

pub use answer::{Answer, MAX_ANSWER};
pub use client::{Client, Place, WorkerError};
pub use look::{BRIEFLY, Look};
pub use run::run_worker;
