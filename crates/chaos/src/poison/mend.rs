use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use client::{Client, Price, TicketForm};
use ports::store::{Commit, Condition, Precondition, Query};
use server::services::ServiceName;

use super::system::System;
use super::trade;
use crate::services::collection;

const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// A message that cannot be processed because of lost data, such as a ticket missing from a restored backup:
/// it is rejected, then the ticket is restored, then the message is replayed.
pub(super) async fn replay_works(system: &System, buyer: &Client) -> Result<()> {
    let seller = system.visitor.anonymous();
    seller.sign_up("mender@example.com", "correct horse battery").await?;
    let ticket = seller.create_ticket(&TicketForm::new("Lost and found", Price::from_minor_units(5_00)?)).await?;
    system.settle().await?;

    let records = system.records(ServiceName::Tickets)?;
    let collection = collection(ServiceName::Tickets, "tickets");
    let its_seller = vec![Condition::Equals("userId", ticket.user_id.to_string().into())];
    let lost = records.find(collection, &Query::all(its_seller.clone())).await?.pop().context("it is stored")?;
    ensure!(records.purge(collection, &its_seller).await? == 1, "the ticket cannot be lost");
    let before = system.dead_letters().await?.len();
    let order = trade::order(buyer, ticket.id).await?;
    system.settle().await?;
    let letters = system.dead_letters().await?;
    let [letter] = &letters[before..] else {
        anyhow::bail!("an order for a lost ticket made {} dead letters", letters.len() - before);
    };
    ensure!(letter.consumer == "tickets-orders" && letter.reason.contains("there is no ticket"), "{letter:?}");

    // Restored as it was: an insert of an older backup's record, at its version.
    let commit = Commit { collection, record: lost, precondition: Precondition::DoesNotExist, events: Vec::new() };
    records.commit(commit).await?;
    system.bus.replay(letter.number).await?;
    let deadline = Instant::now() + PATIENCE;
    while seller.ticket(ticket.id).await?.order_id != Some(order.id) {
        ensure!(Instant::now() < deadline, "the replayed message has had no effect");
        tokio::time::sleep(POLL).await;
    }
    system.settle().await?;
    let after = system.dead_letters().await?;
    ensure!(after.len() == letters.len(), "the replayed message was refused again");
    ensure!(after[before].replayed, "the letter does not say that it was replayed");
    Ok(())
}
