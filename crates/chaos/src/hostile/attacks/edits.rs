use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use client::{Client, Price, TicketForm, TicketId};
use futures::future::try_join_all;
use testkit::world::{Engine, World, WorldSettings};

use crate::hostile::report::Row;

pub(in crate::hostile) const NAME: &str = "edits that fill the streams";

/// How many tickets are edited.
const TICKETS: usize = 4;
/// How often the stream is looked at meanwhile.
const LOOKS: usize = 10;
/// How long it may take until all is gone that need not be kept.
const PATIENCE: Duration = Duration::from_secs(30);

/// One account edits a few tickets over and over, on a system of its own whose bus need not keep for an hour what later
/// events supersede. The stream keeps two events of each ticket, and of these a consumer that is made anew learns of every
/// ticket as it is.
pub(in crate::hostile) async fn attack(engine: Engine, edits: usize) -> Result<Row> {
    let settings = WorldSettings { keep_superseded: Some(Duration::ZERO), ..WorldSettings::default() };
    let world = World::start_with(engine, settings).await;
    let (editor, mut tickets, mut most) = (world.user("editor").await, Vec::new(), 0);
    for _ in 0..TICKETS {
        tickets.push(world.listed(&editor).await.id);
    }
    for _ in 0..LOOKS {
        try_join_all(tickets.iter().map(|ticket| edit(&editor, *ticket, edits / TICKETS / LOOKS))).await?;
        most = most.max(world.events_of_tickets().await);
    }
    world.settle().await;
    let (began, mut kept) = (Instant::now(), world.events_of_tickets().await);
    while kept > 2 * TICKETS && began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(100)).await;
        kept = world.events_of_tickets().await;
    }
    let mut findings = Vec::new();
    if kept > 2 * TICKETS {
        findings.push(format!("the stream keeps {kept} events of {TICKETS} tickets"));
    }
    let heard = world.tickets_heard_anew().await;
    for ticket in &tickets {
        let shown = editor.ticket(*ticket).await?;
        let known = heard.iter().find(|known| known.id == *ticket);
        if known.is_none_or(|known| (known.version, known.price) != (shown.version, shown.price)) {
            findings.push(format!("a consumer that is made anew knows {known:?}, and the ticket is {shown:?}"));
        }
    }
    world.end().await;
    Ok(Row {
        attack: NAME,
        tried: format!("{edits} edits of {TICKETS} tickets by one account, without limits"),
        did: format!(
            "at most {most} events in the stream meanwhile, {kept} after {:.1?}; who reads it anew knows all tickets",
            began.elapsed()
        ),
        honest: "nobody else is there".into(),
        upkeep: "a system in the experiment's own process".into(),
        findings,
    })
}

/// Changes the price so often.
async fn edit(editor: &Client, ticket: TicketId, times: usize) -> Result<()> {
    let before = editor.ticket(ticket).await?.price.minor_units();
    for number in 1..=i64::try_from(times)? {
        let price = Price::from_minor_units(i64::from(before) + number).context("a price")?;
        editor.edit_ticket(ticket, &TicketForm::new("Edited", price)).await?;
    }
    Ok(())
}
