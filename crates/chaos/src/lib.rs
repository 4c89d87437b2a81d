//! How unbreakable: the system under everything that can happen to it, and the invariants checked
//! against what it did. One module for each way of breaking it.

mod cargo;
pub mod hostile;
pub mod mutants;
pub mod poison;
pub mod power_loss;
pub mod processes;
mod services;
pub mod simulation;

/// How an experiment ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that must always hold did.
    Held,
    /// Something did not; the output says what.
    Broken,
    /// This machine lacks what the experiment needs: what, and how to get it.
    Impossible(String),
}
