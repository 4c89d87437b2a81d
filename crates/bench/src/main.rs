//! How fast, against what: measures what the machine allows, and then the product on both engines,
//! each figure beside its limit.

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

use anyhow::{Context, Result};
use clap::Parser;

use cli::{Cli, Measurement};
use programs::Programs;
use progress::Progress;
use report::{Figure, Machine, Report};
use scenarios::{Scale, Stage};
use system::Engine;

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Cli::parse()).await {
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
    let programs = Programs::build()?;
    programs::obtain_engines()?;
    let scale = if cli.quick { Scale::QUICK } else { Scale::FULL };
    let (raw, product): (Vec<_>, Vec<_>) = cli.measurements().into_iter().partition(|one| one.is_raw());
    let engines = if product.is_empty() { Vec::new() } else { cli.engine.all() };
    let progress = Progress::new(raw.len() + product.len() * engines.len());
    let mut figures = Vec::new();
    for measurement in raw {
        progress.begins(&measurement.name());
        figures.extend(baselines::run(measurement, scale.raw_time).await.with_context(|| measurement.name())?);
        progress.ended();
    }
    for engine in engines {
        figures.extend(measure(&programs, engine, scale, &product, &progress).await?);
    }
    let report = Report::new(Machine::this(), cli.quick, figures);
    if let Some(file) = &cli.json {
        let json = serde_json::to_string_pretty(&report)?;
        fs::write(file, json).with_context(|| format!("cannot write {}", file.display()))?;
    }
    if let Some(directory) = &cli.report {
        report::write(&report, directory)?;
    }
    print!("{}", report::table(&report));
    Ok(())
}

/// Everything that is measured on one engine.
async fn measure(
    programs: &Programs,
    engine: Engine,
    scale: Scale,
    measurements: &[Measurement],
    progress: &Progress,
) -> Result<Vec<Figure>> {
    progress.begins(engine.title());
    let mut stage = Stage::set(programs, engine, scale).await?;
    let mut figures = Vec::new();
    for measurement in measurements {
        let name = format!("{} ({})", measurement.name(), engine.title());
        progress.begins(&name);
        let measured = scenarios::run(*measurement, &mut stage).await;
        figures.extend(measured.context(name)?);
        progress.ended();
    }
    Ok(figures)
}
