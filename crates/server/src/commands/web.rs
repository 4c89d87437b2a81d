use anyhow::Context;
use axum::Router;
use ports::clock::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::gate::Gate;
use crate::pages;
use crate::process::ShutdownSignal;
use crate::servers::Servers;
use crate::settings::WebSettings;
use crate::telemetry;

/// Serves the pages until the process is asked to end.
pub(super) async fn serve(settings: WebSettings) -> anyhow::Result<()> {
    let mut shutdown = ShutdownSignal::listen()?;
    let telemetry = telemetry::init(&settings.process, &[web::NAME])?;
    let gate = Gate::new(settings.sessions.headers());
    let (closing, tasks) = (CancellationToken::new(), TaskTracker::new());
    let api = settings.api().context("the API's client")?;
    let about = settings.operator.about(settings.reservation);
    gate.mount(pages::routes(settings.sessions.pages(api, Clock::system(), None, about), tasks.clone()), Router::new());
    // At once: while services are unavailable, pages that say so are better than none.
    gate.readiness().ready();
    // A gateway leads every path that is not the API's here: no probes at the visitors' address.
    let servers = Servers::begin(settings.listen, &settings.process, &gate, gate.mounted_routes(), &closing).await?;
    let (address, operators) = (servers.address, servers.operator_address);
    tracing::info!(service = web::NAME, %address, %operators, "ready");
    shutdown.received().await;
    gate.readiness().not_ready("shutting down");
    closing.cancel();
    servers.ended().await?;
    tasks.close();
    tasks.wait().await;
    telemetry.flush().await;
    Ok(())
}
