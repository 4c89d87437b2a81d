//! The tickets service.

use std::process::ExitCode;

use clap::Parser;
use server::service::Starting;
use server::settings::{self, ServiceSettings};

/// The tickets service of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    service: ServiceSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    server::process::run(async {
        let starting = Starting::begin(tickets::NAME, 3002, &cli.service).await?;
        starting.run(tickets::COLLECTIONS, |deps| tickets::service(deps, tickets::Settings::default())).await
    })
}
