use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::stage::Stage;
use crate::load::{Connection, get};
use crate::report::{Figure, Unit};
use crate::system::Member;

/// The polling interval.
const LOOK: Duration = Duration::from_micros(500);
/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Every process stopped and started again, alone, on its data.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let (times, mut medians, mut worst) = (stage.scale.starts, Vec::new(), 0.0_f64);
    for member in &mut stage.system.members {
        let mut took = Vec::new();
        for _ in 0..times {
            took.push(restarted(member).await?.as_secs_f64() * 1000.0);
        }
        took.sort_by(f64::total_cmp);
        worst = worst.max(took[times / 2]);
        medians.push(format!("{} {:.0} ms", member.name, took[times / 2]));
    }
    let name = if medians.len() > 1 { "start to ready, the slowest service" } else { "start to ready" };
    let figure = Figure::new("start-to-ready", name, Unit::Milliseconds, worst);
    let note = format!("medians of {times} starts on the data of this run: {}", medians.join(", "));
    Ok(vec![figure.noting(note).on(stage.system.engine)])
}

async fn restarted(member: &mut Member) -> Result<Duration> {
    member.server.stop().await;
    let (probe, began) = (get("/readyz", None), Instant::now());
    member.server.start();
    loop {
        if let Ok(mut connection) = Connection::open(member.server.address()).await
            && let Ok(answer) = connection.exchange(&probe).await
            && answer.status == 200
        {
            return Ok(began.elapsed());
        }
        ensure!(began.elapsed() < PATIENCE, "{} is not ready", member.name);
        tokio::time::sleep(LOOK).await;
    }
}
