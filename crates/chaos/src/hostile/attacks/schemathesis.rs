use anyhow::{Context, Result};
use testkit::schemathesis::Subject;

use crate::hostile::attack::Outcome;
use crate::hostile::site::{Site, list};

/// The tests let it derive a few requests for each operation (`crates/testkit/tests/market/schemathesis.rs`); here
/// the number is up to the caller.
pub(in crate::hostile) async fn attack(site: &Site, examples: Option<u32>) -> Result<Outcome> {
    let Some(examples) = examples else {
        let did = "runs with every build; here with --schemathesis COUNT".to_owned();
        return Ok(Outcome { tried: "nothing".into(), did, findings: Vec::new() });
    };
    let (seller, user) = (site.user("seller").await?, site.user("schemathesis").await?);
    let (ticket, ordered) = (list(&seller, "Row E").await?, list(&seller, "Row E").await?);
    let order = user.create_order(ordered.id).await?;
    let subject = Subject {
        address: site.address,
        session: user.token().context("is signed in")?,
        ticket: ticket.id.to_string(),
        order: order.id.to_string(),
    };
    let count = format!("--max-examples={examples}");
    // The live feed never ends, and signing out ends the session that all other operations need.
    let excluded = ["liveTickets", "signOut", "signOutEverywhere", "endSession", "eraseAccount"]
        .map(|id| format!("--exclude-operation-id={id}"));
    let tested = tokio::spawn(async move {
        let filter: Vec<&str> = excluded.iter().chain([&count]).map(String::as_str).collect();
        subject.test(&filter).await;
    });
    // It reports findings by a panic, whose message has been printed.
    let findings = if tested.await.is_err() { vec!["see what it printed above".to_owned()] } else { Vec::new() };
    let tried = format!("{examples} requests for each operation, derived from the API's description");
    Ok(Outcome { tried, did: "answers as its description says".into(), findings })
}
