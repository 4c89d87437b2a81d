//! The program that all tests here run.

use testkit::process::Program;

/// `ticketing`, without arguments.
pub(crate) fn ticketing() -> Program {
    Program::new(env!("CARGO_BIN_EXE_ticketing"))
}
