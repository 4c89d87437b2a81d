//! Power loss: acknowledged writes must survive it.
//!
//! Each round creates a disk, runs one store on it under a stream of writes, cuts the power at a random
//! moment, mounts what the disk kept and compares it with what had been acknowledged. Controls that must
//! lose data show that the experiment can detect a loss.

#[cfg(target_os = "linux")]
mod device;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod isolation;
#[cfg(target_os = "linux")]
mod platter;
#[cfg(target_os = "linux")]
mod round;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod subject;
#[cfg(target_os = "linux")]
mod table;

use std::path::PathBuf;

use anyhow::Result;

use crate::Verdict;

/// The options of this experiment.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// How many power cuts each store has to survive
    #[arg(long, default_value_t = ROUNDS)]
    rounds: usize,
    /// The directory for the disks; set by itself when it runs in namespaces of its own
    #[arg(long, hide = true)]
    inside: Option<PathBuf>,
    /// Be the disk in this directory; set by itself for the processes that are one
    #[arg(long, hide = true)]
    serve: Option<PathBuf>,
}

const ROUNDS: usize = 5;

impl Default for Args {
    fn default() -> Self {
        Self { rounds: ROUNDS, inside: None, serve: None }
    }
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
#[cfg(target_os = "linux")]
pub async fn run(args: &Args) -> Result<Verdict> {
    if let Some(home) = &args.serve {
        return server::serve(home).map(|()| Verdict::Held);
    }
    if let Some(home) = &args.inside {
        isolation::end_with_parent();
        isolation::keep_in_memory(home).await?;
        return all_rounds(home, args.rounds).await;
    }
    match isolation::missing() {
        Some(what) => Ok(Verdict::Impossible(what)),
        None => isolation::run_isolated(args).await,
    }
}

/// Reports that this system is not supported.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub async fn run(_: &Args) -> Result<Verdict> {
    Ok(Verdict::Impossible("only Linux has the loop devices that it takes".into()))
}

#[cfg(target_os = "linux")]
async fn all_rounds(home: &std::path::Path, rounds: usize) -> Result<Verdict> {
    let mut table = table::Table::begin();
    for subject in subject::ALL {
        let mut row = table::Row::new(*subject);
        for number in 0..rounds {
            row.add(round::play(*subject, &home.join(format!("{subject:?}-{number}")), number).await?);
        }
        table.add(row);
    }
    Ok(table.verdict())
}
