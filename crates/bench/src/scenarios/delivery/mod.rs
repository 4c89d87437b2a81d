//! Tickets that come as files: uploaded, bought and downloaded, and what of them stays in memory.

mod flatness;
mod sales;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use testkit::documents::document;

use super::stage::Stage;
use crate::load::{Job, Tally, closed_loop, get, put_file};
use crate::report::Figure;
use crate::system::{Applied, ServiceName};
use flatness::Watch;
use sales::{Bought, Listed};

/// As many as delivery takes in at once: further ones would be told to try again.
const UPLOADING: usize = 16;
/// Who downloads at once.
const DOWNLOADING: usize = 64;
/// How large each file is.
const BYTES: usize = 1024 * 1024;
/// One of so many downloads is compared with what was uploaded; of all others the length is.
const COMPARED: usize = 50;

/// Fills an empty marketplace with sealed tickets, and gives them to their buyers again and again.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    stage.begin_again().await?;
    let (engine, count) = (stage.system.engine, stage.scale.uploads);
    let tickets = sales::list(stage, count).await?;
    let mut figures = upload(stage, &tickets).await?;
    let bought = sales::buy(stage, tickets).await?;
    stage.calm_down().await;
    figures.extend(download(stage, bought).await?);
    Ok(figures.into_iter().map(|figure| figure.on(engine)).collect())
}

/// All files come in, until all of them are for sale.
async fn upload(stage: &Stage, tickets: &[Listed]) -> Result<Vec<Figure>> {
    let (count, listed) = (tickets.len() as u64, tickets.to_vec());
    let make = move |number: usize| {
        let Listed { session, ticket, .. } = &listed[number];
        let path = format!("/api/deliveries/tickets/{ticket}/file");
        put_file(&path, Some(session), &document(&code(number), BYTES))
    };
    let job = Job::made(stage.system.address(ServiceName::Delivery), UPLOADING, tickets.len(), make);
    let applied = Applied::since_now(&stage.system).await?;
    let (watch, meter) = (Watch::begin(stage)?, stage.meter()?);
    let (tally, _) = closed_loop(job.only(200)).await.context("an upload")?;
    let cpu = meter.shares(count)?;
    let memory = watch.end()?;
    applied.until(&[("orders-tickets", "tickets.updated", count)]).await?;
    stage.calm_down().await;
    let name = format!("files of 1 MiB uploaded, looked at and sealed, {UPLOADING} at once");
    let mut figures = vec![Figure::rate("uploads", name, &tally).costing(cpu)];
    figures.extend(memory.figures("uploads", "files come in", stage)?);
    Ok(figures)
}

/// Buyers download what they have bought, all files in turn.
async fn download(stage: &Stage, bought: Vec<Bought>) -> Result<Vec<Figure>> {
    let count = stage.scale.downloads;
    let request = |one: &Bought| get(&format!("/api/deliveries/orders/{}/file", one.order), Some(&one.session));
    let requests: Vec<Bytes> = bought.iter().map(request).collect();
    let files = bought.len();
    let job = Job::made(stage.system.address(ServiceName::Delivery), DOWNLOADING, count, move |number| {
        requests[number % files].clone()
    });
    let job = job.only(200).checking(move |number, body| check(number, bought[number % files].number, body));
    let (watch, meter) = (Watch::begin(stage)?, stage.meter()?);
    let (tally, _): (Tally, _) = closed_loop(job).await.context("a download")?;
    let cpu = meter.shares(count as u64)?;
    let memory = watch.end()?;
    stage.calm_down().await;
    let name = format!("files of 1 MiB downloaded by their buyers, {DOWNLOADING} at once");
    let mut figures = vec![Figure::rate("downloads", name, &tally).costing(cpu)];
    figures.extend(memory.figures("downloads", "files go out", stage)?);
    Ok(figures)
}

/// A file is as it was uploaded.
fn check(download: usize, ticket: usize, body: &[u8]) -> Result<()> {
    ensure!(body.len() == BYTES, "a file of {} bytes came, not of {BYTES}", body.len());
    let is_compared = download.is_multiple_of(COMPARED);
    ensure!(!is_compared || body == document(&code(ticket), BYTES), "a file is not what was uploaded");
    Ok(())
}

/// What is on the ticket with this number.
fn code(number: usize) -> String {
    format!("ADMIT/{number:08}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_file_is_not_what_was_uploaded() {
        let file = document(&code(7), BYTES);
        check(COMPARED, 7, &file).expect("is the same");
        check(COMPARED, 8, &file).expect_err("is of another ticket");
        check(COMPARED + 1, 8, &file).expect("is as long");
        check(COMPARED + 1, 7, &file[1..]).expect_err("is not whole");
    }
}
