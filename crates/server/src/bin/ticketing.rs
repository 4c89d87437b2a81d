//! The ticket marketplace: everything in one process, or one service of it.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::commands::{ServeCommand, ServiceCommand};
use server::dead_letters::DeadLettersCommand;
use server::events::EventsCommand;
use server::process::Workers;
use server::seed::SeedCommand;
use server::{process, settings};

/// A ticket marketplace: everything in one process
#[derive(Parser)]
#[command(name = "ticketing", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    serve: ServeCommand,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Service(Box<ServiceCommand>),
    DeadLetters(DeadLettersCommand),
    Events(EventsCommand),
    Seed(SeedCommand),
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    let workers = match &cli.command {
        Some(Command::Service(_)) => Workers::OnePerTwoCores,
        None | Some(Command::DeadLetters(_) | Command::Events(_) | Command::Seed(_)) => Workers::OnePerCore,
    };
    process::run(workers, async {
        match cli.command {
            None => cli.serve.run().await,
            Some(Command::Service(command)) => command.run().await,
            Some(Command::DeadLetters(command)) => command.run().await,
            Some(Command::Events(command)) => command.run().await,
            Some(Command::Seed(command)) => command.run().await,
        }
    })
}
