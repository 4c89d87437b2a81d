//! The orders service.

use std::process::ExitCode;

use clap::Parser;
use server::service::Starting;
use server::settings::{self, OrderSettings, ServiceSettings};

/// The orders service of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    service: ServiceSettings,
    #[command(flatten)]
    orders: OrderSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    server::process::run(async {
        let starting = Starting::begin(orders::NAME, 3003, &cli.service).await?;
        starting.run(orders::COLLECTIONS, |deps| orders::service(deps, cli.orders.orders())).await
    })
}
