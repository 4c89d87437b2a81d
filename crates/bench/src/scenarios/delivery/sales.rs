use std::collections::HashMap;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::load::{Job, closed_loop, post};
use crate::scenarios::stage::Stage;
use crate::system::{Applied, ServiceName, until_webhooks_stop};

/// Concurrent orders, and payments.
const BUYING: usize = 16;

/// A ticket that somebody has bought.
pub(super) struct Bought {
    /// Its buyer's.
    pub(super) session: String,
    pub(super) order: String,
    /// The ticket's number.
    pub(super) number: usize,
}

/// The buyers share these tickets, and pay for them, until delivery knows.
///
/// # Errors
/// If an order or a payment is refused.
pub(super) async fn buy(stage: &Stage, tickets: &[String]) -> Result<Vec<Bought>> {
    let (system, count) = (&stage.system, tickets.len() as u64);
    let applied = Applied::since_now(system).await?;
    let bought = order_all(stage, tickets).await?;
    // A payment for an order that payments has not heard of would have to be repeated.
    applied.until(&[("payments-orders", "orders.created", count)]).await?;
    let pay = |one: &Bought| {
        let payment = json!({"token": "tok_visa", "orderId": one.order});
        post("/api/payments", Some(&one.session), None, &payment)
    };
    let payments: Vec<Bytes> = bought.iter().map(pay).collect();
    let job = Job::each(system.address(ServiceName::Payments), BUYING, payments);
    closed_loop(job.only(201)).await.context("a payment")?;
    applied.until(&[("delivery-orders", "orders.completed", count)]).await?;
    until_webhooks_stop(system).await?;
    Ok(bought)
}

async fn order_all(stage: &Stage, tickets: &[String]) -> Result<Vec<Bought>> {
    let numbers: HashMap<&str, usize> = tickets.iter().map(String::as_str).zip(0..).collect();
    let (buyers, mut bought) = (&stage.people.buyers, Vec::new());
    let share = tickets.len().div_ceil(buyers.len()).max(1);
    for (buyer, tickets) in buyers.iter().zip(tickets.chunks(share)) {
        let order = |ticket: &String| post("/api/orders", Some(&buyer.session), None, &json!({"ticketId": ticket}));
        let orders: Vec<Bytes> = tickets.iter().map(order).collect();
        let job = Job::each(stage.system.address(ServiceName::Orders), BUYING, orders).keeping();
        let (_, bodies) = closed_loop(job.only(201)).await.context("an order")?;
        for body in bodies {
            let order: Value = serde_json::from_slice(&body).context("an order")?;
            let ticket = order["ticket"]["id"].as_str().context("its ticket")?;
            bought.push(Bought {
                session: buyer.session.clone(),
                order: order["id"].as_str().context("its id")?.to_owned(),
                number: *numbers.get(ticket).context("an order of another ticket")?,
            });
        }
    }
    Ok(bought)
}
