//! The whole marketplace in one process.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Parser, Subcommand};
use ports::clock::Clock;
use runtime::Host;
use runtime::session::Keys;
use server::app::{self, AppSettings};
use server::dead_letters::{self, AdminSecret, DeadLettersCommand, SecretFile};
use server::engines::{Bussing, Stores, open_bus};
use server::gate::Gate;
use server::process::Ending;
use server::seed::SeedCommand;
use server::settings::{EngineSettings, OrderSettings, PaymentSettings, ProcessSettings, SessionSettings};
use server::{pages, process, settings, simulator, telemetry};
use tokio_util::sync::CancellationToken;

/// What runs in this process.
const SERVICES: [&str; 6] = [auth::NAME, tickets::NAME, orders::NAME, expiration::NAME, payments::NAME, web::NAME];

/// A ticket marketplace: everything in one process
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    serve: Serve,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    DeadLetters(DeadLettersCommand),
    Seed(SeedCommand),
}

#[derive(clap::Args)]
struct Serve {
    /// Where to answer
    #[arg(long, env = "LISTEN_ADDR", default_value = "127.0.0.1:3000", value_name = "ADDRESS")]
    listen: SocketAddr,
    #[command(flatten)]
    engines: EngineSettings,
    #[command(flatten)]
    sessions: SessionSettings,
    #[command(flatten)]
    orders: OrderSettings,
    #[command(flatten)]
    payments: PaymentSettings,
    #[command(flatten)]
    process: ProcessSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    process::run(async {
        match cli.command {
            None => serve(cli.serve).await,
            Some(Command::DeadLetters(command)) => command.run().await,
            Some(Command::Seed(command)) => command.run().await,
        }
    })
}

async fn serve(settings: Serve) -> anyhow::Result<()> {
    let telemetry = telemetry::init(&settings.process, &SERVICES)?;
    let mut ending = Ending::expected()?;
    let listener = process::bind(settings.listen).await?;
    let address = listener.local_addr().context("the address we listen on")?;
    let (gate, closing) = (Gate::default(), CancellationToken::new());
    let server = process::serve_in_background(listener, gate.routes(), &settings.process, closing.clone());
    let patience = settings.process.startup_timeout;
    let bus = ending.unless_asked(open_bus(&Bussing::from_settings(&settings.engines), patience)).await??;
    let platform = app::platform(Clock::system(), bus, settings.sessions.cookie(), Keys::shared());
    let host = Host::reporting_to(gate.readiness(), platform.clone());
    let voucher = pages::new_voucher();
    let starting = app::start(
        host,
        &platform,
        AppSettings {
            auth: auth::Settings { voucher: Some(voucher.clone()), ..settings.sessions.auth() },
            orders: settings.orders,
            payments: settings.payments,
            stores: Stores::from_settings(&settings.engines),
            patience,
            address,
        },
    );
    let app = ending.unless_asked(starting).await??;
    let secret = AdminSecret::random();
    let _secret_file = match Bussing::from_settings(&settings.engines) {
        Bussing::Directory(directory) => Some(SecretFile::leave(&directory, simulator::reachable(address), &secret)?),
        Bussing::Memory | Bussing::Nats { .. } => None,
    };
    let routes = pages::beside(app.routes, &platform, &settings.sessions, voucher, address)?;
    gate.lead_to(routes.merge(dead_letters::routes(platform.bus.clone(), secret)));
    let readiness = gate.readiness();
    ending.unless_asked(readiness.wait()).await?;
    announce(address, &settings.engines, app.simulator.is_some());
    ending.asked().await;
    app.host.shutdown_token().cancel();
    closing.cancel();
    server.await.context("the server ended badly")?;
    app.host.stop().await;
    telemetry.flush().await;
    Ok(())
}

fn announce(address: SocketAddr, engines: &EngineSettings, simulated: bool) {
    println!("Ticket marketplace on http://{address}  (API: http://{address}/api/docs)");
    match (&engines.mongodb_uri, engines.memory) {
        (_, true) => println!("Data: in memory, gone when this ends"),
        (None, false) => println!("Data: in {}", engines.data.display()),
        (Some(_), false) => println!("Data: in MongoDB"),
    }
    if simulated {
        println!("Payments are simulated: no money moves. Test cards:");
        for card in client::TEST_CARDS {
            println!("  {:<40} {}, {}", card.token, card.number, card.outcome.as_str());
        }
    }
}
