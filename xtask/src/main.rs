//! The chores of this repository, as `cargo xtask <chore>`.

mod ci;
mod dependencies;
mod engines;
mod executables;
mod manifests;
mod memory_disk;
mod pages;
mod parts;
#[cfg(test)]
mod pinned;
mod servers;
mod summary;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
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
        /// Obtain Chromium and axe-core, too, which the tests of the pages need
        #[arg(long)]
        browser: bool,
        /// Obtain a mail server, too, which the tests of mail need
        #[arg(long)]
        mail: bool,
        /// Obtain an object store, too, which the tests of delivery need
        #[arg(long)]
        objects: bool,
        /// Obtain AsyncAPI's parser, too, which reads the description of the events
        #[arg(long)]
        asyncapi: bool,
        /// Obtain what reads structured data and calendars, too, as search engines and calendars do
        #[arg(long)]
        readers: bool,
    },
    /// Run all tests, those against the real servers included
    Test {
        /// Passed on to `cargo test`, for example a part of the tests' names
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// What must pass before a change is merged: formatting, clippy, dependencies, all tests
    Ci,
    /// Hold what we depend on to deny.toml: licences, bans, sources, and advisories where they can be reached
    Dependencies,
    /// Check the rendered Kubernetes manifests against the schemas of Kubernetes and our own rules
    Manifests,
    /// Take pictures of every page, narrow and wide, light and dark
    Screenshots {
        /// Passed on to the program that takes them; try `-- --help`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Measure how soon every page is painted on a slow phone
    Paint {
        /// Passed on to the program that measures; try `-- --help`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Engines { schemathesis, browser, mail, objects, asyncapi, readers } => {
            obtain(schemathesis, browser, mail, objects, asyncapi, readers)
        }
        Chore::Test { arguments } => Ok(test::run(&arguments)),
        Chore::Ci => ci::run(),
        Chore::Dependencies => dependencies::run(),
        Chore::Manifests => manifests::run(),
        Chore::Screenshots { arguments } => pages::run("screenshots", &arguments),
        Chore::Paint { arguments } => pages::run("paint", &arguments),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn obtain(
    schemathesis: bool,
    browser: bool,
    mail: bool,
    objects: bool,
    asyncapi: bool,
    readers: bool,
) -> Result<ExitCode> {
    engines::obtain_servers()?;
    if schemathesis {
        println!("schemathesis: {}", engines::schemathesis::obtain()?.display());
    }
    if browser {
        engines::browser::obtain()?;
    }
    if mail {
        println!("mail server: {}", engines::mail_server::obtain()?.display());
    }
    if objects {
        println!("object store: {}", engines::obtain_object_store()?.display());
    }
    if asyncapi {
        println!("AsyncAPI's parser: {}", engines::asyncapi::obtain()?.display());
    }
    if readers {
        println!("readers of structured data and calendars: {}", engines::readers::obtain()?.display());
    }
    Ok(ExitCode::SUCCESS)
}
