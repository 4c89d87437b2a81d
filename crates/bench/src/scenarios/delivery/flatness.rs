//! Whether memory grows with what passes through a process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};

use crate::report::{Figure, Unit};
use crate::scenarios::stage::Stage;
use crate::system::{ServiceName, Usage};

/// The interval between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// Looks at the memory of the process that files go through, on a thread of its own, until it is told to stop.
pub(super) struct Watch {
    before: f64,
    stop: Arc<AtomicBool>,
    looking: JoinHandle<Result<Vec<f64>>>,
}

/// What it has seen, in MiB.
pub(super) struct Memory {
    before: f64,
    seen: Vec<f64>,
}

impl Watch {
    /// Begins to look.
    ///
    /// # Errors
    /// If there is no such process.
    pub(super) fn begin(stage: &Stage) -> Result<Self> {
        let (before, stop) = (resident(stage)?, Arc::new(AtomicBool::new(false)));
        let ((name, pid), stopped) = (process(stage)?, stop.clone());
        let looking = thread::spawn(move || {
            let mut seen = Vec::new();
            while !stopped.load(Ordering::Relaxed) {
                seen.push(Usage::of(name, pid)?.resident_mib);
                thread::sleep(LOOK);
            }
            Ok(seen)
        });
        Ok(Self { before, stop, looking })
    }

    /// Stops.
    ///
    /// # Errors
    /// If the process was gone.
    pub(super) fn end(self) -> Result<Memory> {
        self.stop.store(true, Ordering::Relaxed);
        let seen = self.looking.join().map_err(|_| anyhow!("who looked at the memory panicked"))??;
        ensure!(seen.len() >= 3, "that was too short to see whether memory grows");
        Ok(Memory { before: self.before, seen })
    }
}

impl Memory {
    /// The most that there was, and how much more there was in the last third of the time than in the first.
    ///
    /// # Errors
    /// If the process is gone.
    pub(super) fn figures(&self, key: &str, meanwhile: &str, stage: &Stage) -> Result<[Figure; 2]> {
        let (name, _) = process(stage)?;
        let (first, last) = self.thirds();
        let most = self.seen.iter().copied().fold(0.0, f64::max);
        let note = format!(
            "MiB: {:.0} before, {first:.0} in the first third, {last:.0} in the last, {:.0} a second after",
            self.before,
            resident(stage)?
        );
        let what = format!("resident memory of {name} while {meanwhile}");
        Ok([
            Figure::new(format!("{key}-memory"), format!("{what}, at most"), Unit::Mebibytes, most).noting(note),
            Figure::new(
                format!("{key}-memory-growth"),
                format!("{what}, last third more than first"),
                Unit::Mebibytes,
                last - first,
            ),
        ])
    }

    /// The means of the first and the last third.
    fn thirds(&self) -> (f64, f64) {
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let third = (self.seen.len() / 3).max(1);
        (mean(&self.seen[..third]), mean(&self.seen[self.seen.len() - third..]))
    }
}

fn resident(stage: &Stage) -> Result<f64> {
    let (name, pid) = process(stage)?;
    Ok(Usage::of(name, pid)?.resident_mib)
}

/// The process that has delivery in it. The processes that look at files are others, and end with them.
fn process(stage: &Stage) -> Result<(&'static str, u32)> {
    let members = &stage.system.members;
    let own = members.iter().find(|member| member.name == ServiceName::Delivery.as_str());
    let member = own.or(members.first()).context("no process")?;
    Ok((member.name, member.server.pid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_from_the_first_third_to_the_last() {
        let memory = Memory { before: 50.0, seen: vec![60.0, 62.0, 500.0, 90.0, 70.0, 72.0, 1000.0] };
        assert_eq!(memory.thirds(), (61.0, 536.0));
        let flat = Memory { before: 50.0, seen: vec![61.0; 9] };
        assert_eq!(flat.thirds(), (61.0, 61.0));
    }
}
