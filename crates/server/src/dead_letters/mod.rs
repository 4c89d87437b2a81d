//! Dead letters for operators: `ticketing dead-letters list|show|replay`.
//!
//! On NATS the command talks to the server. With a data directory it asks the running process, which
//! has exclusive access to the files, over routes that need the secret that the process writes to
//! that directory; if no process runs, it opens the files itself.

mod access;
mod routes;
mod secret;

pub use access::Access;
pub(crate) use access::understood;
pub(crate) use routes::authorize;
pub use routes::routes;
pub use secret::{AdminSecret, SecretFile};
pub(crate) use secret::{Contact, read as contact};

use anyhow::Context;
use ports::bus::DeadLetter;

use crate::settings::EngineSettings;
use crate::telemetry;

/// How many letters are fetched at once.
const PAGE: usize = 100;

/// Look at and replay messages that could not be processed
#[derive(Debug, clap::Args)]
pub struct DeadLettersCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List them, one a line
    List {
        #[command(flatten)]
        engines: EngineSettings,
    },
    /// Show one, with the whole message
    Show {
        /// Its number in the list
        number: u64,
        #[command(flatten)]
        engines: EngineSettings,
    },
    /// Deliver one, or all, once more to the consumer that could not process it
    Replay {
        /// Its number in the list
        #[arg(required_unless_present = "all")]
        number: Option<u64>,
        /// All that have not been replayed yet
        #[arg(long, conflicts_with = "number")]
        all: bool,
        #[command(flatten)]
        engines: EngineSettings,
    },
}

impl Action {
    fn engines(&self) -> &EngineSettings {
        match self {
            Self::List { engines } | Self::Show { engines, .. } | Self::Replay { engines, .. } => engines,
        }
    }
}

impl DeadLettersCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// If the bus cannot be reached, or there is no such letter.
    pub async fn run(self) -> anyhow::Result<()> {
        telemetry::init_audit();
        let access = Access::open(self.action.engines()).await?;
        match self.action {
            Action::List { .. } => list(&access).await,
            Action::Show { number, .. } => show(&access, number).await,
            Action::Replay { number: Some(number), .. } => replay(&access, number).await,
            Action::Replay { number: None, .. } => replay_all(&access).await,
        }
    }
}

async fn list(access: &Access) -> anyhow::Result<()> {
    let letters = all(access).await?;
    if letters.is_empty() {
        println!("There are no dead letters.");
    }
    for letter in letters {
        let mark = if letter.replayed { "replayed" } else { "" };
        println!(
            "{:>6}  {}  {:<22} {:<22} {:>2}x  {} {}",
            letter.number, letter.time, letter.consumer, letter.envelope.kind, letter.deliveries, letter.reason, mark
        );
    }
    Ok(())
}

async fn show(access: &Access, number: u64) -> anyhow::Result<()> {
    let letters = access.list(number.saturating_sub(1), 1).await?;
    let letter = letters
        .into_iter()
        .find(|letter| letter.number == number)
        .with_context(|| format!("there is no dead letter {number}"))?;
    println!("{}", serde_json::to_string_pretty(&letter)?);
    Ok(())
}

async fn replay(access: &Access, number: u64) -> anyhow::Result<()> {
    access.replay(number).await?;
    println!("Replayed {number}.");
    Ok(())
}

async fn replay_all(access: &Access) -> anyhow::Result<()> {
    for letter in all(access).await?.into_iter().filter(|letter| !letter.replayed) {
        replay(access, letter.number).await?;
    }
    Ok(())
}

async fn all(access: &Access) -> anyhow::Result<Vec<DeadLetter>> {
    let mut letters: Vec<DeadLetter> = Vec::new();
    loop {
        let page = access.list(letters.last().map_or(0, |last| last.number), PAGE).await?;
        let is_last = page.len() < PAGE;
        letters.extend(page);
        if is_last {
            return Ok(letters);
        }
    }
}
