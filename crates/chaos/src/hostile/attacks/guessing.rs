use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::{Context, Result};
use client::Client;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde_json::json;
use testkit::process::Server;

use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::report::Row;
use crate::hostile::site::{PASSWORD, Site, http_from};
use crate::hostile::upkeep::Upkeep;

pub(in crate::hostile) const ACROSS_A_RESTART: &str = "password guessing across a restart";

const OWNER: &str = "seller@example.com";
/// Concurrent guesses.
const AT_ONCE: usize = 64;
/// The default rate limits: failures at one account from one address, at one account from all addresses, and
/// from one address.
const FROM_ONE_ADDRESS: usize = 10;
const AT_ONE_ACCOUNT: usize = 100;
const OF_ONE_ADDRESS: usize = 1000;
/// The seconds in which the limits drain completely: guesses that get through meanwhile are allowed, too.
const PERIOD: u64 = 15 * 60;

const GUESSER: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 1);
const SPRAYER: Ipv4Addr = Ipv4Addr::new(127, 0, 2, 2);

/// The number of responses by status.
type StatusCounts = BTreeMap<u16, usize>;

pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (began, mut findings) = (Instant::now(), Vec::new());
    let mut expect_at_most = |what: &str, answers: &StatusCounts, limit: usize| {
        let (tried, unexpected) = (looked_at(answers), answers.keys().any(|status| ![400, 429, 503].contains(status)));
        let drained = (limit as u64 * (began.elapsed().as_secs() + 1)).div_ceil(PERIOD);
        if tried as u64 > limit as u64 + drained || unexpected {
            findings.push(format!("{what}: {answers:?}"));
        }
        format!("{what}: {tried} of {} checked", answers.values().sum::<usize>())
    };
    let from_one = guess(site, GUESSER, (0..scale.guesses).map(|_| OWNER.to_owned())).await?;
    let mut did = vec![expect_at_most("one account from one address", &from_one, FROM_ONE_ADDRESS)];

    let mut botnet = StatusCounts::new();
    for address in 0..scale.addresses {
        let from = Ipv4Addr::new(127, 0, 3, 1 + address);
        for (status, count) in guess(site, from, (0..FROM_ONE_ADDRESS + 2).map(|_| OWNER.to_owned())).await? {
            *botnet.entry(status).or_default() += count;
        }
    }
    did.push(expect_at_most("one account from many addresses", &botnet, AT_ONE_ACCOUNT));
    if scale.accounts > 0 {
        let accounts = (0..scale.accounts).map(|number| format!("nobody-{number}@example.com"));
        let sprayed = guess(site, SPRAYER, accounts).await?;
        did.push(expect_at_most("many accounts from one address", &sprayed, OF_ONE_ADDRESS));
    }
    if let Err(error) = site.at_home(&site.seller)?.sign_in(OWNER, PASSWORD).await {
        findings.push(format!("the owner cannot sign in in a known browser: {error}"));
    }
    let tried = format!(
        "{} guesses at one account from one address under 250 forged names, {} addresses together, {} accounts",
        scale.guesses, scale.addresses, scale.accounts
    );
    Ok(Outcome { tried, did: did.join("; ") + "; the owner signs in meanwhile", findings })
}

/// Earlier attempts still count although the process has been killed in between.
pub(in crate::hostile) async fn across_a_restart(site: &Site, server: &mut Server) -> Result<Row> {
    let before = Upkeep::of(site.pid)?;
    let used_up = guess(site, GUESSER, (0..FROM_ONE_ADDRESS + 10).map(|_| OWNER.to_owned())).await?;
    server.kill().await;
    server.restart().await;
    let again = guess(site, GUESSER, (0..FROM_ONE_ADDRESS).map(|_| OWNER.to_owned())).await?;
    let owner: Result<_, _> = Client::sign_in(&site.at_home(&site.seller)?, OWNER, PASSWORD).await;
    let mut findings = Vec::new();
    if looked_at(&again) > 2 {
        findings.push(format!("guesses are forgotten: {again:?}"));
    }
    if let Err(error) = &owner {
        findings.push(format!("the owner cannot sign in: {error}"));
    }
    let after = Upkeep::of(server.pid())?;
    Ok(Row {
        attack: ACROSS_A_RESTART,
        tried: "guesses until they are refused; the process killed and started; guesses again".into(),
        did: format!(
            "{} of the first looked at, {} of those after the restart",
            looked_at(&used_up),
            looked_at(&again)
        ),
        honest: "the owner signs in".into(),
        upkeep: format!("{} files, {} MiB; after it {}, {}", before.files, before.memory, after.files, after.memory),
        findings,
    })
}

/// The guesses whose password was checked, rather than refused by a rate limit.
fn looked_at(answers: &StatusCounts) -> usize {
    answers.get(&400).copied().unwrap_or_default()
}

/// Tries wrong passwords from an address, with forged `X-Forwarded-For` headers.
async fn guess(site: &Site, from: Ipv4Addr, accounts: impl Iterator<Item = String>) -> Result<StatusCounts> {
    let http = http_from(from)?;
    let guesses = stream::iter(accounts.enumerate()).map(|(number, email)| {
        let body = json!({"email": email, "password": format!("not the password {number}")});
        let name = format!("10.0.0.{}", number % 250);
        let request = site.request_with(&http, Method::POST, "/api/users/signin").json(&body);
        let request = request
            .header("x-forwarded-for", &name)
            .header("x-real-ip", &name)
            .header("forwarded", format!("for={name}"));
        async move { request.send().await.map(|answer| answer.status().as_u16()) }
    });
    let statuses: Vec<u16> = guesses.buffer_unordered(AT_ONCE).try_collect().await.context("a guess has no answer")?;
    Ok(statuses.into_iter().fold(StatusCounts::new(), |mut answers, status| {
        *answers.entry(status).or_default() += 1;
        answers
    }))
}
