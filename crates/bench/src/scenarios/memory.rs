use anyhow::Result;

use super::stage::Stage;
use crate::load::{Job, closed_loop};
use crate::report::{Figure, Unit};
use crate::system::{ServiceName, Usage};

/// The memory of every process: before any request, and after all scenarios so far and one more burst.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let tickets = stage.tickets(stage.scale.orders / 2).await?;
    let job = Job::each(stage.system.address(ServiceName::Orders), 256, stage.orders(&tickets));
    let (tally, _) = closed_loop(job).await?;
    tally.all(201)?;
    let loaded = stage.system.memory()?;
    Ok(vec![figure(stage, "memory-idle", "idle", &stage.idle), figure(stage, "memory-loaded", "loaded", &loaded)])
}

fn figure(stage: &Stage, key: &str, when: &str, memory: &[Usage]) -> Figure {
    let product = || memory.iter().filter(|usage| stage.system.members.iter().any(|one| one.name == usage.process));
    let largest = product().map(|usage| usage.resident_mib).fold(0.0, f64::max);
    let which = if product().count() > 1 { ", the largest service" } else { "" };
    let all =
        memory.iter().map(|usage| format!("{} {:.0} (peak {:.0})", usage.process, usage.resident_mib, usage.peak_mib));
    let note = format!("MiB: {}", all.collect::<Vec<_>>().join(", "));
    let figure = Figure::new(key, format!("resident memory, {when}{which}"), Unit::Mebibytes, largest);
    figure.noting(note).on(stage.system.engine)
}
