//! The pages.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use ports::clock::Clock;
use server::gate::Gate;
use server::process::Ending;
use server::settings::{self, WebSettings};
use server::{process, telemetry};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The pages of the ticket marketplace
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(flatten)]
    web: WebSettings,
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    process::run(serve(cli.web))
}

async fn serve(settings: WebSettings) -> anyhow::Result<()> {
    let mut ending = Ending::expected()?;
    let telemetry = telemetry::init(&settings.process, &[web::NAME])?;
    let listener = process::bind(settings.listen).await?;
    let address = listener.local_addr().context("the address we listen on")?;
    let (gate, closing, tasks) = (Gate::default(), CancellationToken::new(), TaskTracker::new());
    let api = settings.api().context("the API's client")?;
    gate.lead_to(web::routes(settings.sessions.pages(api, Clock::system()), tasks.clone()));
    // At once: while services are away, pages that say so are better than none.
    gate.readiness().ready();
    let server = process::serve_in_background(listener, gate.routes(), &settings.process, closing.clone());
    tracing::info!(service = "web", %address, "ready");
    ending.asked().await;
    gate.readiness().not_ready("shutting down");
    closing.cancel();
    server.await.context("the server ended badly")?;
    tasks.close();
    tasks.wait().await;
    telemetry.flush().await;
    Ok(())
}
