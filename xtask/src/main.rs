//! The chores of this repository, as `cargo xtask <chore>`.

mod ci;
mod engines;
mod servers;
mod summary;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "The chores of this repository")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Obtain the real servers that tests run against, where they are not installed
    Engines {
        /// Obtain schemathesis, too, which tests the HTTP API from its OpenAPI document
        #[arg(long)]
        schemathesis: bool,
    },
    /// Run all tests, those against the real servers included
    Test {
        /// Passed on to `cargo test`, for example a part of the tests' names
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// What must pass before a change is merged: formatting, clippy, all tests
    Ci,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Engines { schemathesis } => engines::obtain_all(schemathesis).map(|()| ExitCode::SUCCESS),
        Chore::Test { arguments } => Ok(test::run(&arguments)),
        Chore::Ci => ci::run(),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}
