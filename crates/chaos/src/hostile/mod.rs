//! Hostile clients, and honest users who must not notice them.

mod attack;
mod attacks;
mod canary;
mod product;
mod raw;
mod report;
mod site;
mod upkeep;

use std::path::PathBuf;

use anyhow::Result;

pub use attack::{Attack, Scale, attack};
pub use report::{Report, Row};
pub use site::Site;

use crate::Verdict;
use attacks::{few_files, guessing};
use product::{Engines, Product};

/// The options of this experiment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Args {
    /// Only these attacks, by the beginning of their names
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Let schemathesis derive requests from the API's description, too: so many for each operation
    #[arg(long, value_name = "COUNT")]
    schemathesis: Option<u32>,
    /// The product's executable, `ticketing`, if it is not to be built
    #[arg(long, value_name = "FILE")]
    product: Option<PathBuf>,
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
    for one in Attack::ALL.into_iter().filter(|one| is_wanted(one.name())) {
        println!("{}", one.name());
        rows.push(attack(one, &site, &scale).await?);
    }
    if is_wanted(guessing::ACROSS_A_RESTART) {
        println!("{}", guessing::ACROSS_A_RESTART);
        rows.push(guessing::across_a_restart(&site, &mut product.server).await?);
    }
    drop(product);

    let of_one_account: Vec<_> = Attack::OF_ONE_ACCOUNT.into_iter().filter(|one| is_wanted(one.name())).collect();
    if !of_one_account.is_empty() {
        let data = tempfile::tempdir()?;
        let engines = Engines::launch(data.path()).await;
        for engines in [None, Some(&engines)] {
            let on = if engines.is_some() { "on MongoDB and NATS" } else { "embedded" };
            let product = Product::launch_limited(&executable, engines).await?;
            let site = Site::open(product.server.address(), product.server.pid()).await?.at_human_pace();
            for one in &of_one_account {
                println!("{}, {on}", one.name());
                let row = attack(*one, &site, &scale).await?;
                rows.push(Row { tried: format!("{on}: {}", row.tried), ..row });
            }
        }
    }

    if is_wanted(few_files::NAME) {
        println!("{}", few_files::NAME);
        let product = Product::launch_with_files(&executable, few_files::FILES).await?;
        let site = Site::open(product.server.address(), product.server.pid()).await?;
        rows.push(few_files::attack(&site).await?);
    }
    println!("\n{}", Report(&rows));
    Ok(if rows.iter().all(|row| row.findings.is_empty()) { Verdict::Held } else { Verdict::Broken })
}
