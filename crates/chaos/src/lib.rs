//! How unbreakable: the system under everything that can happen to it, and the invariants checked against
//! what it did. One module per experiment.

mod cargo;
pub mod hostile;
mod memory;
pub mod mutants;
pub mod poison;
pub mod power_loss;
pub mod processes;
mod services;
pub mod simulation;

/// The outcome of an experiment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All invariants held.
    Held,
    /// An invariant was violated; the output says which.
    Broken,
    /// This machine lacks a requirement of the experiment; the text says which, and how to install it.
    Impossible(String),
}
