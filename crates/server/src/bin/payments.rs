//! The payments service.

use std::process::ExitCode;

use clap::Parser;
use server::service::Starting;
use server::settings::{self, PaymentSettings, ServiceSettings};
use server::simulator;

/// The payments service of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    service: ServiceSettings,
    #[command(flatten)]
    payments: PaymentSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    server::process::run(async {
        let starting = Starting::begin(payments::NAME, 3005, &cli.service).await?;
        let shutdown = starting.host.shutdown_token();
        let (settings, _simulator) = simulator::payment_settings(
            &cli.payments,
            &starting.platform,
            starting.records.clone(),
            starting.address,
            shutdown,
        )
        .await?;
        starting.run(payments::COLLECTIONS, |deps| payments::service(deps, settings)).await
    })
}
