//! Tries to break the system, in every way we know.

use std::process::ExitCode;

use anyhow::Result;
use chaos::{Verdict, hostile, mutants, poison, power_loss, processes, simulation};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(
    about = "Tries to break the system, in every way we know. Without a command: all of them, one after the other"
)]
struct Cli {
    #[command(subcommand)]
    experiment: Option<Experiment>,
}

#[derive(Subcommand)]
enum Experiment {
    /// The whole system in one thread, in virtual time, by a seed
    Simulate(simulation::Args),
    /// Deliberate faults in our own code, each of which the simulation must catch
    Mutants(mutants::Args),
    /// Real processes killed, frozen, cut from one another and restarted, under load
    Processes(processes::Args),
    /// Whether acknowledged writes survive a power cut
    PowerLoss(power_loss::Args),
    /// Messages that nobody can process, among good ones
    Poison(poison::Args),
    /// Clients that mean harm
    Hostile(hostile::Args),
    /// What `mutants` asks of the copy with deliberate faults
    #[command(hide = true)]
    Search(mutants::SearchArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let experiments = Cli::parse().experiment.map_or_else(all, |one| vec![one]);
    let mut held = true;
    for experiment in experiments {
        match run(&experiment).await {
            Ok(Verdict::Held) => {}
            Ok(Verdict::Broken) => held = false,
            Ok(Verdict::Impossible(why)) => println!("not possible here: {why}"),
            Err(error) => {
                eprintln!("error: {error:#}");
                held = false;
            }
        }
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn all() -> Vec<Experiment> {
    vec![
        Experiment::Simulate(simulation::Args::default()),
        Experiment::Mutants(mutants::Args::default()),
        Experiment::Processes(processes::Args::default()),
        Experiment::PowerLoss(power_loss::Args::default()),
        Experiment::Poison(poison::Args::default()),
        Experiment::Hostile(hostile::Args::default()),
    ]
}

async fn run(experiment: &Experiment) -> Result<Verdict> {
    match experiment {
        Experiment::Simulate(args) => simulation::run(args).await,
        Experiment::Mutants(args) => mutants::run(args).await,
        Experiment::Processes(args) => processes::run(args).await,
        Experiment::PowerLoss(args) => power_loss::run(args).await,
        Experiment::Poison(args) => poison::run(args).await,
        Experiment::Hostile(args) => hostile::run(args).await,
        Experiment::Search(args) => mutants::search(args).await,
    }
}
