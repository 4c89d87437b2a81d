use anyhow::Context;
use ports::clock::Clock;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::gate::Gate;
use crate::pages;
use crate::process::{self, ShutdownSignal};
use crate::settings::WebSettings;
use crate::telemetry;

/// Serves the pages until the process is asked to end.
pub(super) async fn serve(settings: WebSettings) -> anyhow::Result<()> {
    let mut shutdown = ShutdownSignal::listen()?;
    let telemetry = telemetry::init(&settings.process, &[web::NAME])?;
    let listener = process::bind(settings.listen).await?;
    let address = listener.local_addr().context("the address we listen on")?;
    let (gate, closing, tasks) = (Gate::default(), CancellationToken::new(), TaskTracker::new());
    let api = settings.api().context("the API's client")?;
    gate.mount(pages::routes(settings.sessions.pages(api, Clock::system(), None), tasks.clone()));
    // At once: while services are unavailable, pages that say so are better than none.
    gate.readiness().ready();
    let server = process::serve_in_background(listener, gate.routes(), &settings.process, closing.clone());
    tracing::info!(service = web::NAME, %address, "ready");
    shutdown.received().await;
    gate.readiness().not_ready("shutting down");
    closing.cancel();
    server.await.context("the server ended badly")?;
    tasks.close();
    tasks.wait().await;
    telemetry.flush().await;
    Ok(())
}
