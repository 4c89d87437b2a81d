//! Whose the tickets are, before and after they are sold.

use std::collections::HashMap;

use anyhow::{Context, Result};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::load::{Job, closed_loop, post};
use crate::scenarios::stage::Stage;
use crate::system::{Applied, ServiceName, until_webhooks_stop};

/// Concurrent listings, orders and payments.
const AT_ONCE: usize = 16;

/// A ticket whose file is still to come.
#[derive(Clone)]
pub(super) struct Listed {
    pub(super) ticket: String,
    /// Its seller's.
    pub(super) session: String,
    /// Who of all people its seller is.
    seller: usize,
}

/// A ticket that somebody has bought.
pub(super) struct Bought {
    pub(super) order: String,
    /// Its buyer's.
    pub(super) session: String,
    /// The place of the ticket among those that were listed.
    pub(super) number: usize,
}

/// Everybody lists as many sealed tickets, until all services know them. Neighbours in the list are of different sellers:
/// few files of one come in at once.
///
/// # Errors
/// If one is refused.
pub(super) async fn list(stage: &Stage, count: usize) -> Result<Vec<Listed>> {
    let (people, applied) = (&stage.people.buyers, Applied::since_now(&stage.system).await?);
    let mut of_sellers = Vec::new();
    for (seller, person) in people.iter().enumerate() {
        let numbers = (seller..count).step_by(people.len());
        let form = |number| json!({"title": format!("Seat {number}"), "price": 19.99, "delivery": {"mode": "sealed"}});
        let listings = numbers.map(|number| post("/api/tickets", Some(&person.session), None, &form(number)));
        let bodies = answers(stage, ServiceName::Tickets, listings.collect()).await.context("a listing")?;
        let listed = bodies.iter().map(|body| {
            let ticket = body["id"].as_str().context("its id")?.to_owned();
            Ok(Listed { ticket, session: person.session.clone(), seller })
        });
        of_sellers.push(listed.collect::<Result<Vec<_>>>()?);
    }
    let of_all =
        [("orders-tickets", "tickets.created", count as u64), ("delivery-tickets", "tickets.created", count as u64)];
    applied.until(&of_all).await?;
    Ok(in_turn(of_sellers))
}

/// Everybody buys what their neighbour has listed, and pays for it, until delivery knows.
///
/// # Errors
/// If an order or a payment is refused.
pub(super) async fn buy(stage: &Stage, tickets: Vec<Listed>) -> Result<Vec<Bought>> {
    let (system, count) = (&stage.system, tickets.len() as u64);
    let applied = Applied::since_now(system).await?;
    let bought = order_all(stage, &tickets).await?;
    // A payment for an order that payments has not heard of would have to be repeated.
    applied.until(&[("payments-orders", "orders.created", count)]).await?;
    let pay = |one: &Bought| {
        let payment = json!({"token": "tok_visa", "orderId": one.order});
        post("/api/payments", Some(&one.session), None, &payment)
    };
    answers(stage, ServiceName::Payments, bought.iter().map(pay).collect()).await.context("a payment")?;
    applied.until(&[("delivery-orders", "orders.completed", count)]).await?;
    until_webhooks_stop(system).await?;
    Ok(bought)
}

async fn order_all(stage: &Stage, tickets: &[Listed]) -> Result<Vec<Bought>> {
    let numbers: HashMap<&str, usize> = tickets.iter().map(|listed| listed.ticket.as_str()).zip(0..).collect();
    let (people, mut bought) = (&stage.people.buyers, Vec::new());
    for seller in 0..people.len() {
        let buyer = &people[(seller + 1) % people.len()];
        let order =
            |listed: &Listed| post("/api/orders", Some(&buyer.session), None, &json!({"ticketId": listed.ticket}));
        let orders = tickets.iter().filter(|listed| listed.seller == seller).map(order).collect();
        for order in answers(stage, ServiceName::Orders, orders).await.context("an order")? {
            let ticket = order["ticket"]["id"].as_str().context("its ticket")?;
            bought.push(Bought {
                order: order["id"].as_str().context("its id")?.to_owned(),
                session: buyer.session.clone(),
                number: *numbers.get(ticket).context("an order of another ticket")?,
            });
        }
    }
    Ok(bought)
}

/// What is made by these requests.
async fn answers(stage: &Stage, service: ServiceName, requests: Vec<Bytes>) -> Result<Vec<Value>> {
    let job = Job::each(stage.system.address(service), AT_ONCE, requests).keeping();
    let (_, bodies) = closed_loop(job.only(201)).await?;
    bodies.iter().map(|body| serde_json::from_slice(body).context("an answer")).collect()
}

/// The first of each list, then the second of each, and so on.
fn in_turn<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_of_different_lists() {
        assert_eq!(in_turn(vec![vec![1, 4, 6], vec![2], vec![3, 5]]), [1, 2, 3, 4, 5, 6]);
        assert_eq!(in_turn::<u8>(vec![vec![], vec![]]), [0_u8; 0]);
    }
}
