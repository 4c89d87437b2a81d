//! Hostile clients, and honest users who must not notice them.

mod attack;
mod attacks;
mod canary;
mod connections;
mod honest;
mod people;
mod product;
mod raw;
mod report;
mod site;
mod upkeep;

use std::path::PathBuf;

use anyhow::{Result, ensure};
use testkit::world::Engine;

pub use attack::{Attack, Scale, attack};
pub use report::{Report, Row};
pub use site::Site;

use crate::Verdict;
use attacks::{edits, ended_sessions, few_files, guessing};
use product::{Engines, Product};

/// As many as one account ends in an hour and a half, and in thirteen hours, at four a second.
const ENDED_SESSIONS: [usize; 2] = [20_000, 200_000];
/// How often tickets are edited, to see what the streams keep of that.
const EDITS: usize = 4_000;

/// The options of this experiment.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Only these attacks, by the beginning of their names
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Let schemathesis derive requests from the API's description, too: so many for each operation
    #[arg(long, value_name = "COUNT")]
    schemathesis: Option<u32>,
    /// How many sessions have ended when the product is started again; once for each number that is given
    #[arg(long, value_name = "COUNT", default_values_t = ENDED_SESSIONS)]
    ended_sessions: Vec<usize>,
    /// The product's executable, `ticketing`, if it is not to be built
    #[arg(long, value_name = "FILE")]
    product: Option<PathBuf>,
}

impl Default for Args {
    fn default() -> Self {
        Self { only: Vec::new(), schemathesis: None, ended_sessions: ENDED_SESSIONS.to_vec(), product: None }
    }
}

/// Edits a few tickets so often, on a system of its own, and looks at what its streams keep of that.
///
/// # Errors
/// If it cannot be carried out.
pub async fn edit_often(engine: Engine, edits: usize) -> Result<Row> {
    edits::attack(engine, edits).await
}

/// Runs the experiment.
///
/// # Errors
/// If it cannot be carried out.
pub async fn run(args: &Args) -> Result<Verdict> {
    let executable = match &args.product {
        Some(executable) => executable.clone(),
        None => tokio::task::spawn_blocking(product::build).await??,
    };
    let is_wanted = |name: &str| args.only.is_empty() || args.only.iter().any(|only| name.starts_with(only.as_str()));
    let mut rows = Vec::new();

    let mut product = Product::launch(&executable).await?;
    let site = Site::open(product.server.address(), product.server.pid()).await?;
    let scale = Scale { schemathesis: args.schemathesis, ..Scale::full() };
    for one in Attack::ALL.into_iter().filter(|one| is_wanted(one.name()) && *one != Attack::Searching) {
        println!("{}", one.name());
        rows.push(attack(one, &site, &scale).await?);
    }
    if is_wanted(guessing::ACROSS_A_RESTART) {
        println!("{}", guessing::ACROSS_A_RESTART);
        rows.push(guessing::across_a_restart(&site, &mut product.server).await?);
    }
    if is_wanted(ended_sessions::NAME) {
        println!("{}", ended_sessions::NAME);
        rows.extend(ended_sessions::attack(&site, &mut product, &args.ended_sessions).await?);
    }
    drop(product);

    let of_one_party: Vec<_> = Attack::OF_ONE_PARTY.into_iter().filter(|one| is_wanted(one.name())).collect();
    if !of_one_party.is_empty() {
        for engines in Engines::ALL {
            let product = Product::launch_limited(&executable, engines).await?;
            let site = Site::open(product.server.address(), product.server.pid()).await?;
            let site = site.at_human_pace().with_addresses();
            for one in &of_one_party {
                println!("{}, {}", one.name(), engines.name());
                let row = attack(*one, &site, &scale).await?;
                rows.push(Row { tried: format!("{}, {}", row.tried, engines.name()), ..row });
            }
        }
    }

    for engines in Engines::ALL.into_iter().filter(|_| is_wanted(edits::NAME)) {
        println!("{}, {}", edits::NAME, engines.name());
        let row = edits::attack(engines.of_a_world(), EDITS).await?;
        rows.push(Row { tried: format!("{}, {}", row.tried, engines.name()), ..row });
    }
    for one in Attack::THROUGH_A_PROXY.into_iter().filter(|one| is_wanted(one.name())) {
        println!("{}", one.name());
        let product = Product::launch_behind_a_proxy(&executable).await?;
        let site = Site::open(product.server.address(), product.server.pid()).await?;
        rows.push(attack(one, &site, &scale).await?);
    }
    if is_wanted(few_files::NAME) {
        println!("{}", few_files::NAME);
        let product = Product::launch_with_files(&executable, few_files::FILES).await?;
        let site = Site::open(product.server.address(), product.server.pid()).await?;
        rows.push(few_files::attack(&site).await?);
    }
    for engines in Engines::ALL.into_iter().filter(|_| is_wanted(Attack::Searching.name())) {
        println!("{}, {}", Attack::Searching.name(), engines.name());
        let product = Product::launch_unlimited(&executable, engines).await?;
        let site = Site::open(product.server.address(), product.server.pid()).await?;
        let row = attack(Attack::Searching, &site, &Scale::full()).await?;
        rows.push(Row { tried: format!("{}, {}", row.tried, engines.name()), ..row });
    }
    ensure!(
        !rows.is_empty(),
        "there is no attack that begins with {}: docs/CHAOS.md names them",
        args.only.join(" or ")
    );
    println!("\n{}", Report(&rows));
    Ok(if rows.iter().all(|row| row.findings.is_empty()) { Verdict::Held } else { Verdict::Broken })
}
