use std::collections::BTreeMap;

use anyhow::{Context, Result};
use client::Client;
use futures::future::join_all;
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::answers::Answers;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::honest::HonestTimes;
use crate::hostile::site::{PASSWORD, Site};

/// How many guess at once.
const GUESSERS: usize = 32;
/// The networks of a subscriber: all /64 of 2001:db8:7::/48.
const NETWORKS: usize = 65_536;
/// Which part of it a guesser uses: one /64, one /56, or all of it.
const PARTS: [usize; 3] = [0, 0xff, 0xffff];
/// How often a thief guesses at the password that a session they have stolen asks for.
const THEFTS: usize = 40;
/// How often the owner signs in and changes the password, alone, meanwhile and after that. All of it together is less than what one
/// account may do in a quarter of an hour.
const TIMES: usize = 10;
/// The failures that one network has at one account, by default, and what drains meanwhile.
const FAILURES: usize = 10 + 2;
const NEW_PASSWORD: &str = "battery horse correct";

/// The number of responses by status.
type StatusCounts = BTreeMap<u16, usize>;

/// One subscriber's IPv6 network guesses at an account without a pause, from all its addresses; the owner signs in and
/// changes the password meanwhile, also once somebody has used up the guesses of a session. The addresses are those that
/// the site's proxy tells.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let owner = site.user("owner").await?;
    let email = owner.current_user().await?.context("has just signed up")?.email.to_string();
    let alone = use_account(site, &owner, &email).await.context("nobody attacks")?;
    let guessers = Guessers::begin(site, &email);
    tokio::time::sleep(scale.guessing).await;
    let meanwhile = use_account(site, &owner, &email).await;
    // Nobody knows this browser, and it is not in that network.
    let elsewhere = site.visitor().sign_in(&email, PASSWORD).await;
    let answers = guessers.end().await?;
    let stolen = guess_in_session(site, &owner, &email).await?;
    let after_theft = use_account(site, &owner, &email).await;

    let mut findings = Vec::new();
    let meanwhile = meanwhile.map_err(|error| findings.push(format!("the owner: {error:#}"))).unwrap_or_default();
    findings.extend(elsewhere.err().map(|error| format!("the owner in a new browser: {error}")));
    findings.extend(after_theft.err().map(|error| format!("the owner after a theft: {error:#}")));
    findings.extend(meanwhile.slower_than(&alone, scale.slack));
    let in_session = stolen.of("invalid_credentials");
    if in_session > FAILURES {
        findings.push(format!("in one session the password was guessed at {in_session} times"));
    }
    findings.extend(stolen.unexpected(&["invalid_credentials", "too_many_requests"]));
    let tried = answers.get(&400).copied().unwrap_or_default();
    if tried > FAILURES || answers.keys().any(|status| ![400, 429].contains(status)) {
        findings.push(format!("the guesses are answered {answers:?}"));
    }
    let count: usize = answers.values().sum();
    let did = format!(
        "{tried} of {count} guesses checked, {in_session} of {THEFTS} in a stolen session; the owner's acts (ms, \
         median/p95) alone: {alone}; meanwhile: {meanwhile}"
    );
    Ok(Outcome {
        tried: format!(
            "{GUESSERS} guessers at one account from the {NETWORKS} networks of one /48; a thief of a session"
        ),
        did,
        findings,
    })
}

/// The owner signs in, in a browser that is known, and changes the password; each so many times.
async fn use_account(site: &Site, owner: &Client, email: &str) -> Result<HonestTimes> {
    let (mut times, mut passwords) = (HonestTimes::default(), [PASSWORD, NEW_PASSWORD]);
    for _ in 0..TIMES {
        let browser = site.at_home(owner)?;
        times.timed("sign in", browser.sign_in(email, passwords[0])).await?;
        times.timed("change the password", browser.change_password(passwords[0], passwords[1])).await?;
        passwords.reverse();
    }
    Ok(times)
}

/// Somebody who has stolen the owner's session guesses at the password, in order to change it.
async fn guess_in_session(site: &Site, owner: &Client, email: &str) -> Result<Answers> {
    let session = site.at_home(owner)?;
    session.sign_in(email, PASSWORD).await.context("before a session is stolen")?;
    let thief = site.visitor().with_session(&session.token().context("is signed in")?);
    let guesses = (0..THEFTS).map(|number| {
        let thief = &thief;
        async move { thief.change_password(&format!("not the password {number}"), NEW_PASSWORD).await.map(drop) }
    });
    Ok(Answers::to(&join_all(guesses).await))
}

/// Clients that guess without a pause.
struct Guessers {
    stop: CancellationToken,
    guessing: JoinSet<Result<StatusCounts>>,
}

impl Guessers {
    fn begin(site: &Site, email: &str) -> Self {
        let (stop, mut guessing) = (CancellationToken::new(), JoinSet::new());
        for guesser in 0..GUESSERS {
            let (request, stop) = (site.request(Method::POST, "/api/users/signin"), stop.clone());
            let body = json!({"email": email, "password": "not the password"});
            guessing.spawn(async move {
                let mut answers = StatusCounts::new();
                for network in (0..NETWORKS).cycle().skip(guesser * NETWORKS / GUESSERS) {
                    if stop.is_cancelled() {
                        break;
                    }
                    let part = network & PARTS[guesser % PARTS.len()];
                    let from = format!("2001:db8:7:{part:x}::{network:x}");
                    let request =
                        request.try_clone().context("a request without a body")?.header("x-forwarded-for", from);
                    *answers.entry(request.json(&body).send().await?.status().as_u16()).or_default() += 1;
                }
                Ok(answers)
            });
        }
        Self { stop, guessing }
    }

    async fn end(mut self) -> Result<StatusCounts> {
        self.stop.cancel();
        let mut all = StatusCounts::new();
        while let Some(answers) = self.guessing.join_next().await {
            answers??.into_iter().for_each(|(status, count)| *all.entry(status).or_default() += count);
        }
        Ok(all)
    }
}
