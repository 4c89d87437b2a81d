use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use client::{Client, Order, OrderId, OrderStatus, Seller, Ticket, TicketFilter, TicketId};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::hostile::attack::Outcome;
use crate::hostile::raw;
use crate::hostile::site::{Site, cookie, eventually, list};

/// Concurrent requests.
const AT_ONCE: usize = 16;
/// The token of a good card.
const CARD: &str = "tok_visa";
/// How long a payment whose buyer is gone may be in progress.
const PATIENCE: Duration = Duration::from_secs(60);
/// The polling interval.
const PAUSE: Duration = Duration::from_millis(20);
/// The longest delay before the connection of a completely sent request is cut.
const LONGEST: Duration = Duration::from_millis(30);

/// Cuts connections while tickets are listed, reserved and paid for, each at a random moment, and checks
/// that nothing is half done.
pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    let (seller, buyer) = (site.user("seller").await?, site.user("quitter").await?);
    let body = |number| json!({"title": format!("Abandoned {number}"), "price": 20});
    cut_all(site, &buyer, "/api/tickets", (0..count).map(body).collect()).await?;
    let reserved: Vec<Ticket> =
        stream::iter(0..count).map(|_| list(&seller, "Row C")).buffered(AT_ONCE).try_collect().await?;
    cut_all(site, &buyer, "/api/orders", reserved.iter().map(|ticket| json!({"ticketId": ticket.id})).collect())
        .await?;
    let paid = stream::iter(0..count).map(async |_| {
        let ticket = list(&seller, "Row D").await?;
        anyhow::Ok(buyer.create_order(ticket.id).await?)
    });
    let paid: Vec<Order> = paid.buffered(AT_ONCE).try_collect().await?;
    let payment = |order: &Order| json!({"token": CARD, "orderId": order.id});
    cut_all(site, &buyer, "/api/payments", paid.iter().map(payment).collect()).await?;

    let (listed, mut findings) = half_listed(site, &buyer).await?;
    let (held, half_reserved) = half_reserved(site, &buyer, &reserved).await?;
    let (complete, half_paid) = half_paid(&buyer, &paid).await?;
    findings.extend(half_reserved);
    findings.extend(half_paid);
    let tried = format!("{} requests cut off at random moments: {count} each of tickets, orders, payments", 3 * count);
    let did = format!("{listed} tickets listed, {held} reserved, {complete} paid for; the others not at all");
    Ok(Outcome { tried, did, findings })
}

async fn cut_all(site: &Site, who: &Client, path: &str, bodies: Vec<Value>) -> Result<()> {
    let cookie = cookie(who)?;
    let requests = bodies.iter().map(|body| raw::json_request("POST", path, &cookie, body));
    stream::iter(requests).map(|request| cut(site, request)).buffer_unordered(AT_ONCE).try_collect().await
}

/// Half of them before they are sent completely, the others some time after that.
async fn cut(site: &Site, request: Vec<u8>) -> Result<()> {
    let (is_complete, at, wait) = (rand::random::<bool>(), rand::random::<f64>(), LONGEST.mul_f64(rand::random()));
    // Never more than the whole request; possibly no byte at all.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let part = (request.len() as f64 * at) as usize;
    let mut stream = TcpStream::connect(site.address).await?;
    stream.write_all(if is_complete { &request } else { &request[..part] }).await?;
    if is_complete {
        tokio::time::sleep(wait).await;
    }
    stream.set_zero_linger()?;
    Ok(())
}

/// Every ticket in its seller's list must also be found by its id.
async fn half_listed(site: &Site, seller: &Client) -> Result<(usize, Vec<String>)> {
    let filter = TicketFilter { seller: Some(Seller::Me), limit: Some(100), ..TicketFilter::default() };
    let (mut page, mut count, mut findings) = (seller.tickets(&filter).await?, 0, Vec::new());
    loop {
        for ticket in &page.items {
            count += 1;
            if site.visitor().ticket(ticket.id).await.ok().as_ref() != Some(ticket) {
                findings.push(format!("{} is listed, but not there", ticket.id));
            }
        }
        match seller.next_page(&page).await? {
            Some(next) => page = next,
            None => return Ok((count, findings)),
        }
    }
}

/// Every ticket is locked by its only order, or it has no order and is free.
async fn half_reserved(site: &Site, buyer: &Client, tickets: &[Ticket]) -> Result<(usize, Vec<String>)> {
    let agree = async || Ok(disagreeing(site, buyer, tickets).await?.is_empty());
    // An accepted request may still be in progress long after its connection is gone.
    let settled = eventually("every ticket has the lock of its order", agree).await;
    let findings = match settled {
        Ok(()) => Vec::new(),
        Err(_) => disagreeing(site, buyer, tickets).await?,
    };
    let orders = orders_by_ticket(buyer).await?;
    Ok((tickets.iter().filter(|ticket| orders.contains_key(&ticket.id)).count(), findings))
}

async fn disagreeing(site: &Site, buyer: &Client, tickets: &[Ticket]) -> Result<Vec<String>> {
    let (orders, visitor) = (orders_by_ticket(buyer).await?, site.visitor());
    let mut disagreeing = Vec::new();
    for ticket in tickets {
        let (holder, order) = (visitor.ticket(ticket.id).await?.order_id, orders.get(&ticket.id));
        if holder != order.copied() {
            disagreeing.push(format!("ticket {} is locked by {holder:?}, its order is {order:?}", ticket.id));
        }
    }
    Ok(disagreeing)
}

async fn orders_by_ticket(buyer: &Client) -> Result<HashMap<TicketId, OrderId>> {
    let (mut page, mut orders) = (buyer.orders().await?, HashMap::new());
    loop {
        for order in &page.items {
            let before = orders.insert(order.ticket.id, order.id);
            ensure!(before.is_none(), "two orders of ticket {}", order.ticket.id);
        }
        match buyer.next_page(&page).await? {
            Some(next) => page = next,
            None => return Ok(orders),
        }
    }
}

/// Every order is paid completely or not at all; an unpaid one can still be paid, and a paid one cannot be
/// paid again.
async fn half_paid(buyer: &Client, orders: &[Order]) -> Result<(usize, Vec<String>)> {
    let (mut complete, mut findings) = (0, Vec::new());
    for order in orders {
        match pay_when_possible(buyer, order.id).await {
            Ok(Paid::Before) => complete += 1,
            Ok(Paid::Now) => {}
            Err(error) => {
                findings.push(format!("order {}: {error:#}", order.id));
                continue;
            }
        }
        let is_complete = async || Ok(buyer.order(order.id).await?.status == OrderStatus::Complete);
        eventually("an order that was paid for is complete", is_complete).await.context(order.id.to_string())?;
        if buyer.pay(order.id, CARD).await.is_ok() {
            findings.push(format!("order {} was paid for twice", order.id));
        }
    }
    Ok((complete, findings))
}

/// The payment of an order.
enum Paid {
    Before,
    Now,
}

/// Pays for the order as soon as no earlier payment is in progress.
async fn pay_when_possible(buyer: &Client, order: OrderId) -> Result<Paid> {
    let began = Instant::now();
    loop {
        let error = match buyer.pay(order, CARD).await {
            Ok(_) => return Ok(Paid::Now),
            Err(error) => error,
        };
        match code(&error) {
            "already_paid" => return Ok(Paid::Before),
            "being_paid" | "payment_unresolved" if began.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
            _ => bail!("after {:?} it cannot be paid for: {error}", began.elapsed()),
        }
    }
}

fn code(error: &client::Error) -> &str {
    match error {
        client::Error::Api { errors, .. } => errors.first().map_or("", |entry| entry.code.as_str()),
        _ => "",
    }
}
