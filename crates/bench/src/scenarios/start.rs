use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::stage::Stage;
use crate::load::{Connection, get};
use crate::report::{Figure, Unit};
use crate::system::Member;

/// The polling interval while nobody answers, and once it is answered that it is not ready.
const LOOK: Duration = Duration::from_micros(500);
const LOOK_AT_WORK: Duration = Duration::from_millis(2);
/// How long a start may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Every process stopped and started again, alone, on its data.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let figure = measure(stage, "start-to-ready", "start to ready", "on the data of this run").await?;
    Ok(vec![figure])
}

/// The median time of every process from its start until it is ready; the figure is the longest of them.
///
/// # Errors
/// If one does not get ready.
pub(super) async fn measure(stage: &mut Stage, key: &str, name: &str, on_what: &str) -> Result<Figure> {
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
    let which = if medians.len() > 1 { ", the slowest service" } else { "" };
    let figure = Figure::new(key, format!("{name}{which}"), Unit::Milliseconds, worst);
    let note = format!("medians of {times} starts {on_what}: {}", medians.join(", "));
    Ok(figure.noting(note).on(stage.system.engine))
}

async fn restarted(member: &mut Member) -> Result<Duration> {
    member.server.stop().await;
    let (probe, began) = (get("/readyz", None), Instant::now());
    member.server.start();
    loop {
        let look_again = match ask(member, &probe).await {
            Ok(200) => return Ok(began.elapsed()),
            // It starts: each question takes time from that.
            Ok(_) => LOOK_AT_WORK,
            Err(_) => LOOK,
        };
        ensure!(began.elapsed() < PATIENCE, "{} is not ready", member.name);
        tokio::time::sleep(look_again).await;
    }
}

async fn ask(member: &Member, probe: &[u8]) -> Result<u16> {
    let mut connection = Connection::open(member.server.address()).await?;
    Ok(connection.exchange(probe).await?.status)
}
