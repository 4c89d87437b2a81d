use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::Result;
use client::{Client, Error, OrderId, OrderStatus, TicketId};
use futures::{StreamExt, TryStreamExt, stream};

use super::answers::Answers;
use super::bunches::in_bunches;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::canary::Canary;
use crate::hostile::site::{Site, list};

/// How many unpaid orders one buyer may have at once, by default.
const AT_ONCE: usize = 4;
/// How often one buyer may take a ticket within the minute that an attack takes: twice at once, and once more, where
/// the news of the first time is late.
const OF_ONE_TICKET: usize = 3;
/// How many tickets one seller lists: as many as one may at once.
const OF_ONE_SELLER: usize = 50;
/// How often everything is let go and taken again.
const ROUNDS: usize = 4;
/// The seconds in which what one address may reserve drains completely.
const PERIOD: u64 = 60 * 60;
/// Where the accounts of one address are.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
/// What the server says instead of reserving a ticket.
const REFUSALS: [&str; 3] = ["too_many_reservations", "reserved_too_often", "too_many_requests"];

/// One account reserves everything there is, lets it go, and takes it again.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (count, round) = (scale.hoarded, scale.round);
    let tickets = stock(site, count).await?;
    let hoarder = site.user("hoarder").await?;
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let (mut answers, mut most, mut taken) = (Answers::default(), 0, BTreeMap::<_, BTreeSet<_>>::new());
    for _ in 0..ROUNDS {
        let began = Instant::now();
        for (ticket, answer) in take_all(&hoarder, &tickets).await {
            answers.count(&answer);
            // Who asks again for what they hold is given the same order.
            if let Ok(order) = answer {
                taken.entry(ticket).or_default().insert(order);
            }
        }
        let held = held(&hoarder).await?;
        most = most.max(held.len());
        for order in held {
            // It counts as a change, too, and may be refused.
            let _ = hoarder.cancel_order(order).await;
        }
        tokio::time::sleep(round.saturating_sub(began.elapsed())).await;
    }
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let again = taken.values().map(BTreeSet::len).max().unwrap_or_default();
    let mut findings = answers.unexpected(&REFUSALS);
    findings.extend(honest.findings);
    if most > AT_ONCE {
        findings.push(format!("one account held {most} tickets at once"));
    }
    if again > OF_ONE_TICKET {
        findings.push(format!("one account took the same ticket {again} times"));
    }
    Ok(Outcome {
        tried: format!("one account orders {count} tickets, {ROUNDS} times, and cancels what it got"),
        did: format!(
            "at most {most} held at once, the same ticket taken at most {again} times; {answers}; {}",
            honest.times
        ),
        findings,
    })
}

/// Many accounts at one address reserve as much as each of them may.
pub(in crate::hostile) async fn from_one_address(site: &Site, scale: &Scale) -> Result<Outcome> {
    let accounts = scale.hoarders;
    let tickets = stock(site, accounts * AT_ONCE).await?;
    let hoarders = site.people.users_at(ADDRESS, "hoarder", accounts).await?;
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let (began, mut answers, mut held) = (Instant::now(), Answers::default(), BTreeSet::new());
    for _ in 0..ROUNDS {
        let wanted = tickets.iter().zip(hoarders.iter().cycle());
        let orders = wanted.map(|(ticket, hoarder)| hoarder.create_order(*ticket));
        for answer in in_bunches(orders).await {
            answers.count(&answer);
            held.extend(answer.ok().map(|order| order.id));
        }
    }
    let drained = (u64::from(scale.address.reservations) * (began.elapsed().as_secs() + 1)).div_ceil(PERIOD);
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = answers.unexpected(&REFUSALS);
    findings.extend(honest.findings);
    if held.len() as u64 > u64::from(scale.address.reservations) + drained {
        findings.push(format!("the accounts of one address hold {} tickets", held.len()));
    }
    Ok(Outcome {
        tried: format!("{accounts} accounts at one address order {AT_ONCE} tickets each, {ROUNDS} times"),
        did: format!("{} held; {answers}; {}", held.len(), honest.times),
        findings,
    })
}

/// Tickets of as many sellers as it takes.
pub(super) async fn stock(site: &Site, count: usize) -> Result<Vec<TicketId>> {
    let sellers = (0..count).step_by(OF_ONE_SELLER).map(|first| async move {
        let seller = site.user("stockist").await?;
        let mut tickets = Vec::new();
        for number in first..count.min(first + OF_ONE_SELLER) {
            tickets.push(list(&seller, &format!("Stock {number}")).await?.id);
        }
        anyhow::Ok(tickets)
    });
    let tickets: Vec<Vec<TicketId>> = stream::iter(sellers).buffer_unordered(8).try_collect().await?;
    Ok(tickets.concat())
}

async fn take_all(hoarder: &Client, tickets: &[TicketId]) -> Vec<(TicketId, Result<OrderId, Error>)> {
    let order = |ticket: TicketId| async move { (ticket, hoarder.create_order(ticket).await.map(|order| order.id)) };
    in_bunches(tickets.iter().copied().map(order)).await
}

async fn held(hoarder: &Client) -> Result<Vec<OrderId>> {
    let orders = hoarder.orders().await?;
    Ok(orders.items.into_iter().filter(|order| order.status == OrderStatus::Created).map(|order| order.id).collect())
}
