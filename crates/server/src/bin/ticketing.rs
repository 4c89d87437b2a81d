//! The ticket marketplace: everything in one process, or one service of it.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use server::commands::{InspectFileCommand, ServeCommand, ServiceCommand};
use server::dead_letters::DeadLettersCommand;
use server::events::EventsCommand;
use server::organisers::OrganisersCommand;
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
    Organisers(OrganisersCommand),
    Seed(SeedCommand),
    #[command(hide = true)]
    InspectFile(InspectFileCommand),
}

fn main() -> ExitCode {
    let cli: Cli = settings::parse();
    match cli.command {
        None => process::run(Workers::OnePerCore, cli.serve.run()),
        Some(Command::Service(command)) => process::run(Workers::OnePerTwoCores, command.run()),
        Some(Command::DeadLetters(command)) => process::run(Workers::OnePerCore, command.run()),
        Some(Command::Events(command)) => process::run(Workers::OnePerCore, command.run()),
        Some(Command::Organisers(command)) => process::run(Workers::OnePerCore, command.run()),
        Some(Command::Seed(command)) => process::run(Workers::OnePerCore, command.run()),
        // Without any other thread, nor anything that was opened for them.
        Some(Command::InspectFile(command)) => command.run(),
    }
}
