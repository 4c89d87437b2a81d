use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::json;

use super::stage::Stage;
use crate::load::{Job, Tally, closed_loop, get, open_loop, post};
use crate::report::{Figure, Unit};
use crate::system::{PASSWORD, ServiceName};

/// Concurrent sign-ins.
const SIGNING_IN: usize = 16;
/// The rate of page requests by other visitors.
const PAGES: u32 = 500;

/// Many sign-ins, which keep all cores busy hashing; other visitors load pages, before and during.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let tickets = stage.tickets(100).await?;
    let (time, engine) = (stage.scale.arrivals, stage.system.engine);
    let calm = pages(stage, time).await?;
    let meter = stage.meter()?;
    let job = Job::repeat(stage.system.address(ServiceName::Auth), SIGNING_IN, sign_ins(stage), time);
    let (signed_in, pages) = tokio::try_join!(closed_loop(job), pages(stage, time))?;
    let (signed_in, _) = signed_in;
    signed_in.all(200).context("signing in")?;
    stage.put_back(tickets);
    let rate = Figure::rate("sign-in", format!("sign-ins, {SIGNING_IN} at a time"), &signed_in);
    let rate = rate.costing(meter.shares(signed_in.count())?);
    let name = format!("list page, p99 at {PAGES}/s while they sign in");
    let (before, during) = (calm.percentiles(), pages.percentiles());
    let slowed = Figure::new("page-during-sign-in", name, Unit::Milliseconds, during.p99).latency(&pages);
    let note = format!("without anybody signing in: p50 {:.2} ms, p99 {:.2} ms", before.p50, before.p99);
    Ok(vec![rate.on(engine), slowed.noting(note).on(engine)])
}

async fn pages(stage: &Stage, time: Duration) -> Result<Tally> {
    let count = (time.as_secs_f64() * f64::from(PAGES)) as usize;
    let request = get("/api/tickets?limit=20", None);
    let tally = open_loop(stage.system.address(ServiceName::Tickets), 64, PAGES, vec![request; count]).await?;
    tally.all(200)?;
    Ok(tally)
}

/// One request per buyer, each from a different address.
fn sign_ins(stage: &Stage) -> Vec<Bytes> {
    let numbered = (1_u32..).zip(&stage.people.buyers);
    let requests = numbered.map(|(number, person)| {
        let from = IpAddr::V4(Ipv4Addr::from(0x0a00_0000 + number));
        post("/api/users/signin", None, Some(from), &json!({"email": person.email, "password": PASSWORD}))
    });
    requests.collect()
}
