//! What sellers could upload, and how, and what could be asked for that others have uploaded.

mod bodies;
mod files;
mod honest;
mod names;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use client::{Client, DeliveryForm, Price, SealingState, Ticket, TicketForm};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;

use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::site::{Site, cookie};
use files::Case;
use honest::Seller;

/// How many files are uploaded at once.
const AT_ONCE: usize = 2;
/// A file is looked at for 40 s at most, once there is a place for that.
const LONGEST: Duration = Duration::from_secs(100);

/// Files that mean harm, uploads that mean harm, texts and ids that mean harm, while somebody else uploads tickets.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let honest = Seller::begin(site).await?;
    let smuggler = site.user("smuggler").await?;
    let cases = files::cases(scale.endless, scale.without_codes)?;
    let count = cases.len();
    let answers = stream::iter(cases).map(|case| give(site, &smuggler, case)).buffered(AT_ONCE);
    let answers: Vec<Answer> = answers.try_collect().await?;
    let mut findings: Vec<String> = answers.iter().flat_map(|answer| answer.findings.clone()).collect();
    let (bodies, names) = (bodies::attack(site, scale).await?, names::attack(site, scale).await?);
    let seen = honest.end().await?;
    findings.extend([bodies.findings, names.findings, seen.findings()].concat());
    let refused = answers.iter().filter(|answer| answer.is_refused).count();
    let slowest = answers.iter().max_by_key(|answer| answer.took).context("some files")?;
    Ok(Outcome {
        tried: format!("{count} files that are no tickets; {}; {}", bodies.tried, names.tried),
        did: format!(
            "{refused} of {count} files refused, the others taken without a code, slowest {} in {:.1} s; {}; {}; {seen}",
            slowest.name,
            slowest.took.as_secs_f64(),
            bodies.did,
            names.did
        ),
        findings,
    })
}

/// What became of a file.
struct Answer {
    name: &'static str,
    is_refused: bool,
    took: Duration,
    findings: Vec<String>,
}

async fn give(site: &Site, smuggler: &Client, case: Case) -> Result<Answer> {
    let Case { name, file, must_be_refused } = case;
    let (ticket, began) = (list_sealed(smuggler, name).await?, Instant::now());
    let request = site.request(Method::PUT, &path_of(&ticket)).header("cookie", cookie(smuggler)?).body(file);
    let answer = request.send().await.with_context(|| format!("{name}, after {:?}", began.elapsed()))?;
    let (status, took) = (answer.status().as_u16(), began.elapsed());
    let text = answer.text().await?;
    let mut findings = Vec::new();
    let is_refused = status == 400 && text.contains("file_refused") || status == 413;
    if !(is_refused || status == 200 && !must_be_refused) {
        findings.push(format!("{name}: {status} {text}"));
    }
    if took > LONGEST {
        findings.push(format!("{name}: answered after {took:?}"));
    }
    if is_refused && smuggler.sealing(ticket.id).await?.state != SealingState::Waiting {
        findings.push(format!("{name}: refused, and kept"));
    }
    Ok(Answer { name, is_refused, took, findings })
}

/// A new listing that is for sale once its ticket is given.
pub(in crate::hostile) async fn list_sealed(seller: &Client, title: &str) -> Result<Ticket> {
    let price = Price::from_minor_units(19_99).context("a price")?;
    let form = TicketForm { delivery: Some(DeliveryForm::Sealed), ..TicketForm::new(title, price) };
    Ok(seller.create_ticket(&form).await?)
}

/// Where its file is put.
fn path_of(ticket: &Ticket) -> String {
    format!("/api/deliveries/tickets/{}/file", ticket.id)
}
