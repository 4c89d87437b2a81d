//! `ticketing seed`: fills a running instance with a catalogue to look at, over its HTTP API alone.
//!
//! What it makes depends only on the seed, except for ids and dates. It only sends requests that a
//! visitor could send, so the marketplace works whenever it is stopped.

mod block;
mod catalogue;
mod instance;
mod listings;
mod people;
mod phase;
mod plan;
mod show;
mod summary;
mod trade;

use anyhow::bail;
use instance::Instance;
use people::People;
use plan::{Plan, Size};
use ports::clock::Clock;
use summary::Summary;

use crate::process;

/// The most tickets that one run lists: for more there are no free seats in the catalogue's venues.
const MAX_TICKETS: i64 = 50_000;

/// Fill a running instance with events, tickets and orders to look at
///
/// Everybody knows the password of the accounts it makes, "please take your seats": not for an
/// instance with real users. Run again, it adds to what is there.
#[derive(Debug, clap::Args)]
pub struct SeedCommand {
    /// Where the instance answers
    #[arg(long, default_value = "http://localhost:3000")]
    url: String,
    /// How many tickets to list
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=MAX_TICKETS))]
    tickets: u32,
    /// How many people sell and buy
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(2..))]
    users: u32,
    /// The same number makes the same catalogue; a new one each time by default
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u32>,
}

impl SeedCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// If the instance cannot be reached or refuses, or the process is asked to end.
    pub async fn run(self) -> anyhow::Result<()> {
        tokio::select! {
            done = self.fill() => done,
            asked = process::shutdown_requested() => {
                asked?;
                bail!("interrupted; what was made so far stays and works, the password is {:?}", people::PASSWORD)
            }
        }
    }

    async fn fill(&self) -> anyhow::Result<()> {
        let instance = Instance::reach(&self.url).await?;
        let size = Size::of(self.tickets, self.users);
        let seed = self.seed.unwrap_or_else(rand::random);
        let plan = Plan::draw(seed, size, Clock::system().now());
        let people = People::gather(&instance, size).await?;
        let listings = listings::list(plan, &people).await?;
        let states = trade::trade(&instance, listings, &people).await?;
        println!("{}", Summary { url: &self.url, seed, people: &people, states: &states, paid: instance.test_cards });
        Ok(())
    }
}
