use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::stage::Stage;
use super::start;
use crate::load::{Connection, get};
use crate::report::Figure;
use crate::system::ServiceName;

/// Starts on empty engines, and once many sessions have ended before their tokens expired: every service knows
/// them before it is ready.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    stage.begin_again().await?;
    let none =
        start::measure(stage, "start-no-ended-sessions", "start to ready, no ended sessions", "on no data").await?;
    let count = stage.scale.ended_sessions;
    // The first that ends is the first that would be forgotten.
    let session = stage.system.strangers(1).await?.remove(0);
    expect(stage, &session, 200).await?;
    let began = Instant::now();
    stage.system.end_sessions(count).await.context("ending sessions")?;
    let on_what = format!("with {count} ended sessions, published in {:.1} s", began.elapsed().as_secs_f64());
    let name = format!("start to ready, {count} ended sessions");
    let many = start::measure(stage, "start-ended-sessions", &name, &on_what).await?;
    expect(stage, &session, 401).await?;
    Ok(vec![none, many])
}

/// Checks how somebody with this session is answered.
async fn expect(stage: &Stage, session: &str, status: u16) -> Result<()> {
    let mut orders = Connection::open(stage.system.address(ServiceName::Orders)).await?;
    let answer = orders.exchange(&get("/api/orders", Some(session))).await?;
    ensure!(answer.status == status, "a session that should be answered {status} was answered {answer}");
    Ok(())
}
