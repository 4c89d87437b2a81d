//! How fast, against what: measures the raw limits of the machine, and then the product on both engines,
//! each figure next to its limit.

mod against;
mod baselines;
mod cli;
mod load;
mod programs;
mod progress;
mod report;
mod scenarios;
mod system;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Parser;
use serde::Serialize;

use cli::{Cli, Engines};
use progress::Progress;
use report::{Figure, Machine, Report};
use scenarios::{Scale, Stage};
use testkit::process::Program;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // On Ctrl-C, too, launched processes are stopped and their data is removed.
    let outcome = tokio::select! {
        outcome = run(&cli) => outcome,
        _ = tokio::signal::ctrl_c() => Err(anyhow!("interrupted")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: &Cli) -> Result<()> {
    if cli.serve_baseline {
        return baselines::serve::run().await;
    }
    if cli.serve_bank {
        return system::serve_bank().await;
    }
    // Before anything is built for it.
    let peer = match &cli.against {
        Some(url) => Some(against::find_peer(url).await?),
        None => None,
    };
    let ticketing = match &cli.program {
        Some(built) => Program::new(built),
        None => programs::build_product()?,
    };
    programs::obtain_engines()?;
    if let Some(peer) = &peer {
        return compare(cli, &ticketing, peer).await;
    }
    let report = measure(cli, &ticketing).await?;
    write_json(cli, &report)?;
    if let Some(directory) = &cli.report {
        report::write(&report, directory)?;
    }
    print!("{}", report::table(&report));
    ensure!(report.failures.is_empty(), "not everything could be measured");
    Ok(())
}

/// Runs the same loads on the product and on a peer.
async fn compare(cli: &Cli, ticketing: &Program, peer: &against::Site) -> Result<()> {
    let engines = cli.engine.unwrap_or(Engines::Embedded).all();
    let comparison = against::run(ticketing, &engines, peer, cli.count).await?;
    write_json(cli, &comparison)?;
    print!("{}", against::table(&comparison, &Machine::this()));
    ensure!(comparison.is_complete(), "not everything could be compared");
    Ok(())
}

fn write_json(cli: &Cli, measured: &impl Serialize) -> Result<()> {
    let Some(file) = &cli.json else { return Ok(()) };
    let json = serde_json::to_string_pretty(measured)?;
    fs::write(file, json).with_context(|| format!("cannot write {}", file.display()))
}

/// Runs all selected measurements. A failure is reported and does not stop the others.
async fn measure(cli: &Cli, ticketing: &Program) -> Result<Report> {
    let scale = if cli.quick { Scale::QUICK } else { Scale::FULL };
    let (raw, product): (Vec<_>, Vec<_>) = cli.measurements().into_iter().partition(|one| one.is_raw());
    let engines = if product.is_empty() { Vec::new() } else { cli.engine.unwrap_or(Engines::Both).all() };
    let mut measured = Measured::new(raw.len() + product.len() * engines.len());
    for measurement in raw {
        let name = measurement.name();
        measured.progress.begins(&name);
        measured.note(&name, baselines::run(measurement, scale.raw_time).await);
    }
    for engine in engines {
        measured.progress.begins(engine.title());
        let mut stage = Stage::set(ticketing, engine, scale).await?;
        for measurement in &product {
            let name = format!("{} ({})", measurement.name(), engine.title());
            measured.progress.begins(&name);
            if !measured.note(&name, scenarios::run(*measurement, &mut stage).await) {
                stage.begin_again().await?;
            }
        }
    }
    let Measured { figures, failures, .. } = measured;
    Ok(Report::new(Machine::this(), cli.quick, figures, failures))
}

/// The figures so far.
struct Measured {
    figures: Vec<Figure>,
    failures: Vec<String>,
    progress: Progress,
}

impl Measured {
    fn new(count: usize) -> Self {
        Self { figures: Vec::new(), failures: Vec::new(), progress: Progress::new(count) }
    }

    /// Whether it succeeded.
    fn note(&mut self, name: &str, outcome: Result<Vec<Figure>>) -> bool {
        self.progress.ended();
        let failure = match outcome {
            Ok(figures) => {
                self.figures.extend(figures);
                return true;
            }
            Err(error) => format!("{name}: {error:#}"),
        };
        self.progress.failed(&failure);
        self.failures.push(failure);
        false
    }
}
