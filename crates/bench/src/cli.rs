use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use http::Uri;

use crate::against::base_url;
use crate::system::Engine;

/// How fast, against what: the raw limits of this machine, and then the product on both engines
///
/// Everything runs in one go on one machine, which the load generator shares with what it measures:
/// only ratios within one run mean something on another machine. Figures go to standard output,
/// progress to standard error. docs/BENCH.md says how everything is measured.
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
pub(crate) struct Cli {
    /// Take a minute or two: smaller counts, shorter times
    #[arg(long)]
    pub(crate) quick: bool,
    /// Only these
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    pub(crate) only: Vec<Measurement>,
    /// On which engine the product runs [default: both; with --against: embedded]
    #[arg(long)]
    pub(crate) engine: Option<Engines>,
    /// Instead, compare with a peer that does the same job and runs at this base URL on this machine: the same
    /// loads through the same HTTP contract, on the product and then on the peer. Its limits have to be off; what
    /// is made there (users, tickets, orders, payments with tok_visa) stays there
    #[arg(long, value_name = "URL", value_parser = base_url,
          conflicts_with_all = ["only", "quick", "report"])]
    pub(crate) against: Option<Uri>,
    /// With --against: so many orders, a quarter as many purchases, ten times as many reads of each kind
    #[arg(long, value_name = "NUMBER", default_value = "2000", requires = "against", value_parser = a_number)]
    pub(crate) count: usize,
    /// Write everything that was measured to this file, too, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Write a report in Markdown with plots into this directory, too
    #[arg(long, value_name = "DIR")]
    pub(crate) report: Option<PathBuf>,
    /// Measure this program instead of building one: `ticketing` with the feature `cluster`
    #[arg(long, value_name = "FILE")]
    pub(crate) program: Option<PathBuf>,
    /// Be the server that the raw limit of HTTP is measured with
    #[arg(long, hide = true)]
    pub(crate) serve_baseline: bool,
    /// Be the simulated bank
    #[arg(long, hide = true)]
    pub(crate) serve_bank: bool,
}

/// On which engine the product runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engines {
    /// One process on SQLite and the local bus
    Embedded,
    /// Five service processes on MongoDB and NATS JetStream
    Real,
    /// One after the other
    Both,
}

/// What can be measured, in the order in which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measurement {
    /// Raw limit: axum with a small JSON answer, alone and with the check of an HS256 cookie. The CPU time of
    /// the first is one A, the unit of what the product's operations cost: measured with anything of the product
    RawHttp,
    /// Raw limits: single and bulk inserts, updates, transactions and reads through MongoDB's driver
    RawMongodb,
    /// Raw limits: JetStream publish, single messages and atomic batches with sync_interval always, and
    /// single ones with the default, which a power cut undoes
    RawJetstream,
    /// Raw limit: SQLite in WAL mode with synchronous=FULL, many writes to a transaction
    RawSqlite,
    /// Raw limit: argon2id with the product's parameters, on all cores
    RawArgon2,
    /// Raw limits: axum with files of 1 MiB, put into a file and synced, and read from one. Measured with delivery
    RawFiles,
    /// Tickets listed by POST /api/tickets over 64 connections
    ListCreation,
    /// GET /api/tickets, the first page of 20, over 64 connections
    ListPage,
    /// GET /api/tickets/{id} of 500 tickets in turn over 64 connections
    OneTicket,
    /// POST /api/orders for distinct tickets over 64 and 256 connections; then until every service
    /// has applied every effect, and the CPU time of all processes for each order
    OrderBurst,
    /// Order, lock, pay, complete, by 64 buyers at a time, until every service has applied every effect
    PurchaseFlow,
    /// How many record operations, publications, deliveries, provider calls, syncs and bytes one order
    /// and one purchase take, each alone
    Operations,
    /// 1,000 orders arrive each second, however fast they are answered: until the ticket is shown as
    /// locked
    Propagation,
    /// 10,000 users order the same ticket over 256 connections: exactly one gets it
    OneTicketRush,
    /// 16 users sign in over and over while others read 500 pages a second, who must not notice
    SignIn,
    /// 1,000 listeners of GET /api/tickets/live while 100 orders arrive each second
    LiveListeners,
    /// Resident memory of every process, before anything was asked and after everything so far
    Memory,
    /// Every process ended and started again until it is ready
    Start,
    /// GET /api/tickets?q=WORD among 100,000 tickets on sale (quick: 10,000): one search after the other, then
    /// by 64 searchers, while others look at pages and tickets and order
    Search,
    /// Every process started with none and with 200,000 ended sessions (quick: 20,000), until it is ready
    StartEndedSessions,
    /// Orders accepted in an empty marketplace, and beside the records of 100,000 and 1,000,000
    /// earlier purchases (quick: of 20,000)
    ExistingOrders,
    /// 1,000 sealed tickets, each with a document of 1 MiB of its own: uploaded, bought, and downloaded 10,000 times by
    /// their buyers, while the memory of what takes them in and gives them out is watched (quick: 100 and 1,000)
    Delivery,
}

impl Measurement {
    /// Its name on the command line.
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
    }

    /// Whether it is a raw limit of the machine, not a scenario of the product.
    pub(crate) fn is_raw(self) -> bool {
        matches!(
            self,
            Self::RawHttp | Self::RawMongodb | Self::RawJetstream | Self::RawSqlite | Self::RawArgon2 | Self::RawFiles
        )
    }
}

impl Cli {
    /// The selected measurements, in order. With any of the product comes the raw limit of HTTP: its CPU time is
    /// the unit of what the product's operations cost. With delivery comes what its files are compared with.
    pub(crate) fn measurements(&self) -> Vec<Measurement> {
        let has_costs = self.only.iter().any(|one| !one.is_raw());
        let has_files = self.only.contains(&Measurement::Delivery);
        let is_wanted = |one: &Measurement| match one {
            _ if self.only.is_empty() || self.only.contains(one) => true,
            Measurement::RawHttp => has_costs,
            Measurement::RawFiles => has_files,
            _ => false,
        };
        Measurement::value_variants().iter().copied().filter(is_wanted).collect()
    }
}

fn a_number(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 1..=1_000_000) => Ok(number),
        _ => Err("it has to be a number from 1 to 1000000".to_owned()),
    }
}

impl Engines {
    /// The engines.
    pub(crate) fn all(self) -> Vec<Engine> {
        match self {
            Self::Embedded => vec![Engine::Embedded],
            Self::Real => vec![Engine::Real],
            Self::Both => vec![Engine::Real, Engine::Embedded],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_of_costs_is_measured_with_any_scenario() {
        let selected = |only: &[&str]| {
            let arguments = ["bench", "--only"].iter().chain(only);
            Cli::try_parse_from(arguments).expect("good arguments").measurements()
        };
        assert_eq!(selected(&["list-page"]), [Measurement::RawHttp, Measurement::ListPage]);
        assert_eq!(selected(&["raw-sqlite"]), [Measurement::RawSqlite]);
        let with_files = [Measurement::RawHttp, Measurement::RawFiles, Measurement::Delivery];
        assert_eq!(selected(&["delivery"]), with_files);
        assert_eq!(Cli::parse_from(["bench"]).measurements(), Measurement::value_variants());
    }

    #[test]
    fn a_comparison_takes_a_peer_and_a_count() {
        let parsed = |arguments: &[&str]| Cli::try_parse_from([&["bench"], arguments].concat());
        let cli = parsed(&["--against", "http://localhost:4000", "--count", "50"]).expect("good arguments");
        assert_eq!((cli.against.map(|peer| peer.to_string()), cli.count), (Some("http://localhost:4000/".into()), 50));
        assert_eq!(parsed(&["--against", "http://a"]).expect("good arguments").count, 2000);
        for wrong in [
            &["--count", "50"][..],
            &["--against", "http://a", "--count", "0"],
            &["--against", "https://a"],
            &["--against", "http://a", "--only", "search"],
        ] {
            parsed(wrong).expect_err("wrong arguments");
        }
    }
}
