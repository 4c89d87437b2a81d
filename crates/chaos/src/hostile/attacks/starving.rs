use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::honest::percentile;
use crate::hostile::site::{PASSWORD, Site, http_from};

/// Where one account signs in, and where many do.
const STARVERS: [Ipv4Addr; 2] = [Ipv4Addr::new(127, 0, 4, 1), Ipv4Addr::new(127, 0, 4, 2)];
/// How many accounts sign in from one address.
const ACCOUNTS: usize = 300;
/// How many of those who wait for a password to be hashed may be from one address, by default. Somebody else may have to
/// wait for all of them, one after the other.
const SHARE: u32 = 16;
/// How often the victim signs in, before and meanwhile.
const SIGN_INS: usize = 8;
/// How long a sign-in may take meanwhile, in the middle of all. While the queue was everybody's, it took 18 s. The
/// first one waits until thousands of connections have been accepted, in a debug build for seconds.
const BEARABLE: Duration = Duration::from_secs(1);

/// One account at one address, and then many accounts at another, with as many sign-ins at once as they can; somebody
/// else signs in meanwhile.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (starver, count) = (email_of(site, "starver").await?, scale.sign_ins);
    let one = starve(site, scale, STARVERS[0], &[(starver, PASSWORD)]).await?;
    let accounts: Vec<_> = (0..ACCOUNTS).map(|number| (format!("starved-{number}@example.com"), "a guess")).collect();
    let many = starve(site, scale, STARVERS[1], &accounts).await?;
    Ok(Outcome {
        tried: format!("{count} sign-ins at once from one address to one account, and as many to {ACCOUNTS} accounts"),
        did: format!("one account: {}; many: {}", one.did, many.did),
        findings: [one.findings, many.findings].concat(),
    })
}

async fn starve(site: &Site, scale: &Scale, from: Ipv4Addr, accounts: &[(String, &str)]) -> Result<Outcome> {
    let (victim, http) = (email_of(site, "victim").await?, http_from(from)?);
    let (alone, _) = sign_ins(site, &victim).await;
    let http = &http;
    let attack = accounts.iter().cycle().take(scale.sign_ins).map(|(email, password)| async move {
        let request = site.request_with(http, Method::POST, "/api/users/signin");
        let answer = request.json(&json!({"email": email, "password": password})).send().await;
        answer.map_or(0, |answer| answer.status().as_u16())
    });
    let (statuses, (meanwhile, failures)) = tokio::join!(join_all(attack), sign_ins(site, &victim));
    let mut findings: Vec<String> = failures.into_iter().map(|failure| format!("the victim: {failure}")).collect();
    let (alone, usual, longest) = (percentile(&alone, 50), percentile(&meanwhile, 50), percentile(&meanwhile, 100));
    // A sign-in takes little longer than a hash.
    let bearable = BEARABLE.min(alone * 2 + alone * SHARE + scale.slack);
    if usual > bearable {
        findings.push(format!("the victim's sign-in takes {usual:.2?}, {alone:.2?} alone"));
    }
    let mut answers = BTreeMap::<u16, usize>::new();
    statuses.into_iter().for_each(|status| *answers.entry(status).or_default() += 1);
    if answers.keys().any(|status| ![200, 400, 429].contains(status)) {
        findings.push(format!("the attacker's sign-ins are answered {answers:?}"));
    }
    let did = format!(
        "answers {answers:?}; another user's sign-in takes {usual:.0?} (median) and {longest:.0?} (slowest) meanwhile, \
         {alone:.0?} alone"
    );
    Ok(Outcome { tried: String::new(), did, findings })
}

async fn email_of(site: &Site, role: &str) -> Result<String> {
    let user = site.user(role).await?.current_user().await?;
    Ok(user.context("has just signed up")?.email.to_string())
}

/// How long each takes, and which fail.
async fn sign_ins(site: &Site, email: &str) -> (Vec<Duration>, Vec<String>) {
    let (mut times, mut failures) = (Vec::new(), Vec::new());
    for _ in 0..SIGN_INS {
        let began = Instant::now();
        if let Err(error) = site.visitor().sign_in(email, PASSWORD).await {
            failures.push(error.to_string());
        }
        times.push(began.elapsed());
    }
    (times, failures)
}
