//! The tickets of a comparison.

use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::contract::{self, CREATE_ORDER, CREATE_TICKET, id};
use super::site::Site;
use super::visitor::Visitor;
use super::{CONNECTIONS, PATIENCE, PAUSE};
use crate::load::{Connection, Job, closed_loop};

/// Lists so many tickets, the first of them alone to see whether the answer is the contract's.
///
/// # Errors
/// If it is not.
pub(super) async fn list(site: &Site, seller: &Visitor, count: usize) -> Result<Vec<String>> {
    let first = listed(site, seller, "First of all").await?;
    let form = |number| seller.post(CREATE_TICKET.path, &form(&format!("Row {}, seat {}", number / 100, number % 100)));
    let job = Job::each(site.tickets, CONNECTIONS, (1..count).map(form).collect()).only(CREATE_TICKET.status);
    let (_, bodies) = closed_loop(job.keeping()).await.context("POST /api/tickets")?;
    let others = bodies.iter().map(|body| id(&serde_json::from_slice(body)?));
    [Ok(first)].into_iter().chain(others).collect()
}

/// Lists a ticket with this title.
///
/// # Errors
/// If the answer is not the contract's.
pub(super) async fn listed(site: &Site, seller: &Visitor, title: &str) -> Result<String> {
    let mut tickets = Connection::open(site.tickets).await?;
    let ticket = tickets.exchange(&seller.post(CREATE_TICKET.path, &form(title))).await?;
    id(&contract::check(&CREATE_TICKET, &ticket)?)
}

fn form(title: &str) -> Value {
    json!({"title": title, "price": 19.99})
}

/// Orders the ticket that was listed last, until that succeeds: orders has heard of all others then.
///
/// # Errors
/// If it does not.
pub(super) async fn until_ordered(site: &Site, buyer: &Visitor, ticket: &str) -> Result<()> {
    let (order, began) = (buyer.post(CREATE_ORDER.path, &json!({"ticketId": ticket})), Instant::now());
    let mut orders = Connection::open(site.orders).await?;
    loop {
        let answer = orders.exchange(&order).await?;
        if !matches!(answer.status, 404 | 503) || began.elapsed() > PATIENCE {
            return contract::check(&CREATE_ORDER, &answer).map(drop);
        }
        tokio::time::sleep(PAUSE).await;
    }
}
