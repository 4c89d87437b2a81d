use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;

use crate::hostile::attack::Outcome;
use crate::hostile::site::{PASSWORD, Site, http_from};

const STARVER: Ipv4Addr = Ipv4Addr::new(127, 0, 4, 1);
/// How often the victim signs in, before and meanwhile.
const SIGN_INS: usize = 8;
/// How long a sign-in may take meanwhile, in the middle of all. While the queue was everybody's, it took 18 s. The
/// first one waits until thousands of connections have been accepted, in a debug build for seconds.
const BEARABLE: Duration = Duration::from_secs(1);

/// One account at one address, with as many sign-ins at once as it can; somebody else signs in meanwhile.
pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    let (starver, victim) = (email_of(site, "starver").await?, email_of(site, "victim").await?);
    let (alone, _) = sign_ins(site, &victim).await;
    let http = http_from(STARVER)?;
    let one = || async {
        let request = site.request_with(&http, Method::POST, "/api/users/signin");
        let answer = request.json(&json!({"email": starver, "password": PASSWORD})).send().await;
        answer.map_or(0, |answer| answer.status().as_u16())
    };
    let attack = join_all((0..count).map(|_| one()));
    let (statuses, (meanwhile, failures)) = tokio::join!(attack, sign_ins(site, &victim));
    let mut findings: Vec<String> = failures.into_iter().map(|failure| format!("the victim: {failure}")).collect();
    let slowest = meanwhile.iter().max().copied().unwrap_or_default();
    let usual = median(meanwhile);
    if usual > BEARABLE {
        findings.push(format!("the victim's sign-in takes {usual:.2?}"));
    }
    let mut answers = BTreeMap::<u16, usize>::new();
    statuses.into_iter().for_each(|status| *answers.entry(status).or_default() += 1);
    if answers.keys().any(|status| ![200, 429].contains(status)) {
        findings.push(format!("the attacker's sign-ins are answered {answers:?}"));
    }
    let did = format!(
        "answers {answers:?}; another user's sign-in takes {usual:.0?} (median) and {slowest:.0?} (slowest) meanwhile, \
         {:.0?} alone",
        median(alone)
    );
    Ok(Outcome { tried: format!("{count} sign-ins at once to one account from one address"), did, findings })
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

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
