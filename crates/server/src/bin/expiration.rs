//! The expiration service.

use std::process::ExitCode;

use clap::Parser;
use server::service::Starting;
use server::settings::{self, ServiceSettings};

/// The expiration service of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    service: ServiceSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    server::process::run(async {
        let starting = Starting::begin(expiration::NAME, 3004, &cli.service).await?;
        starting.run(expiration::COLLECTIONS, |deps| expiration::service(deps, expiration::Settings::default())).await
    })
}
