use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::Result;
use client::{Client, Error, OrderId, TicketId};
use futures::future::join_all;

use super::answers::Answers;
use super::bunches::in_bunches;
use super::hoarder::stock;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::canary::Canary;
use crate::hostile::site::Site;

/// How many refused cards of one user reach the provider in an hour, by default.
const DECLINES: usize = 10;
/// What leaks out of that while an attack takes some minutes, and those that are under way when it is reached.
const MORE: usize = 4;
/// How many orders the unknown tokens are tried on at once.
const ORDERS: usize = 4;
/// Between two cards or tokens of one tester: the attackers share the processors with honest users' own side.
const PAUSE: Duration = Duration::from_millis(10);
/// The seconds in which what one address may try drains completely.
const PERIOD: u64 = 60 * 60;
/// Where the accounts of one address are.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 3);
/// What the server says instead of asking the provider.
const NOT_ASKED: [&str; 4] = ["too_many_payments", "too_many_declines", "too_many_requests", "too_many_reservations"];
/// What the server says where the provider is asked too often by all together.
const NOT_NOW: &str = "payments_busy";

/// One account finds out which of many made-up tokens are cards, and another which of many cards work.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let count = scale.cards;
    let (tokens, cards) = (stock(site, ORDERS).await?, stock(site, count).await?);
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let (unknown, declined) = (try_tokens(site, tokens, count).await?, try_cards(site, cards).await?);
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = unknown.unexpected(&[&NOT_ASKED[..], &["payment_rejected"]].concat());
    findings.extend(declined.unexpected(&[&NOT_ASKED[..], &["card_declined"]].concat()));
    findings.extend(honest.findings);
    let asked = [("unknown tokens", unknown.of("payment_rejected")), ("declined cards", declined.of("card_declined"))];
    for (what, asked) in asked.into_iter().filter(|(_, asked)| *asked > DECLINES + MORE) {
        findings.push(format!("the provider was asked about {asked} {what} of one account"));
    }
    Ok(Outcome {
        tried: format!("{count} unknown tokens by one account, {count} declined cards by another"),
        did: format!("unknown: {unknown}; declined: {declined}; {}", honest.times),
        findings,
    })
}

/// Many accounts at one address try unknown tokens, for so long that they get through as many as they may.
pub(in crate::hostile) async fn from_one_address(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (accounts, limit) = (scale.testers, u64::from(scale.address.payments));
    let mut testers: Vec<(Client, OrderId)> = Vec::new();
    let users = site.people.users_at(ADDRESS, "tester", accounts).await?;
    for (tester, ticket) in users.into_iter().zip(stock(site, accounts).await?) {
        let order = tester.create_order(ticket).await?.id;
        testers.push((tester, order));
    }
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let (began, mut answers) = (Instant::now(), Answers::default());
    while began.elapsed() < scale.trying {
        let tries = testers.iter().map(|(tester, order)| tester.pay(*order, "tok_madeUp"));
        in_bunches(tries).await.iter().for_each(|answer| answers.count(answer));
    }
    let drained = (limit * (began.elapsed().as_secs() + 1)).div_ceil(PERIOD);
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = answers.unexpected(&[&NOT_ASKED[..], &["payment_rejected", NOT_NOW]].concat());
    findings.extend(honest.findings);
    let asked = answers.of("payment_rejected");
    if asked as u64 > limit + drained {
        findings.push(format!("the provider was asked about {asked} tokens from one address"));
    }
    Ok(Outcome {
        tried: format!("{accounts} accounts at one address try unknown tokens for {:?}", scale.trying),
        did: format!("{answers}; {}", honest.times),
        findings,
    })
}

/// Tries unknown tokens on orders of some tickets by a new account: such a token costs no order.
async fn try_tokens(site: &Site, tickets: Vec<TicketId>, count: usize) -> Result<Answers> {
    let tester = site.user("tester").await?;
    let mut orders = Vec::new();
    for ticket in tickets {
        orders.push(tester.create_order(ticket).await?.id);
    }
    let tries = orders.into_iter().map(|order| {
        let tester = &tester;
        async move {
            let mut answers = Vec::new();
            for number in 0..count / ORDERS {
                answers.push(tester.pay(order, &format!("tok_madeUp{number}")).await.map(drop));
                tokio::time::sleep(PAUSE).await;
            }
            answers
        }
    });
    Ok(Answers::to(&join_all(tries).await.into_iter().flatten().collect::<Vec<_>>()))
}

/// Tries declined cards, each on an order of its own.
async fn try_cards(site: &Site, tickets: Vec<TicketId>) -> Result<Answers> {
    let (tester, mut answers) = (site.user("tester").await?, Answers::default());
    for ticket in tickets {
        answers.count(&try_card(&tester, ticket).await);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(answers)
}

async fn try_card(tester: &Client, ticket: TicketId) -> Result<(), Error> {
    let order = tester.create_order(ticket).await?;
    tester.pay(order.id, "tok_chargeDeclined").await.map(drop)
}
