//! The whole system in one thread, in virtual time, derived from a seed.
//!
//! People use the seven services while everything between the services fails in every known way: calls fail,
//! with or without effect, messages are lost, delayed, duplicated and reordered, clocks are wrong, services
//! crash between any two steps, Stripe is unreachable. Then the faults stop, the system becomes idle, and
//! the history is checked against the invariants. A seed decides all of it, so that every finding can be
//! reproduced.

mod banks;
mod chance;
mod command;
mod faults;
mod history;
mod invariants;
mod outcome;
mod party;
mod people;
mod plan;
mod planted;
mod progress;
mod remains;
mod seed;
mod seeds;
mod system;

pub use command::{Args, run};
#[cfg(test)]
pub(crate) use invariants::names as invariant_names;
pub use outcome::{Outcome, Violation};
pub use planted::PlantedFault;
pub use seed::run_seed;
pub(crate) use seed::run_with_fault;
pub use seeds::run_seeds;
