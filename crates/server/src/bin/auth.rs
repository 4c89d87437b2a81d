//! The auth service.

use std::process::ExitCode;

use clap::Parser;
use server::service::Starting;
use server::settings::{self, ServiceSettings};

/// The auth service of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    service: ServiceSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    server::process::run(async {
        let starting = Starting::begin(auth::NAME, 3001, &cli.service).await?;
        starting.run(auth::COLLECTIONS, |deps| auth::service(deps, cli.service.sessions.auth())).await
    })
}
