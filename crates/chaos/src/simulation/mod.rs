//! The whole system in one thread, in virtual time, by a seed.
//!
//! People use the five services while what is between the services goes wrong in every way we know:
//! calls fail, with or without effect, messages are lost, late, doubled and out of order, clocks are set
//! wrong, services crash between any two steps, Stripe is silent. Then everything is well again, comes
//! to rest, and all that happened is held against the invariants. A seed decides all of it, so that what
//! it found can be seen again.

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
mod seed;
mod seeds;
mod system;

pub use command::{Args, run};
pub use outcome::{Outcome, Violation};
pub use planted::PlantedFault;
pub use seed::run_seed;
pub(crate) use seed::run_with_fault;
pub use seeds::run_seeds;
