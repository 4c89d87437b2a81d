use anyhow::Result;
use client::{Client, Error, TicketId};
use futures::future::join_all;

use super::answers::Answers;
use super::hoarder::stock;
use crate::hostile::attack::Outcome;
use crate::hostile::site::Site;

/// How many refused cards of one user reach the provider in an hour, by default.
const DECLINES: usize = 10;
/// What leaks out of that while an attack takes some minutes, and those that are under way when it is reached.
const MORE: usize = 4;
/// How many orders the unknown tokens are tried on at once.
const ORDERS: usize = 4;
/// What the server says instead of asking the provider.
const NOT_ASKED: [&str; 4] = ["too_many_payments", "too_many_declines", "too_many_requests", "too_many_reservations"];

/// One account finds out which of many made-up tokens are cards, and another which of many cards work.
pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    let (unknown, declined) = (try_tokens(site, count).await?, try_cards(site, count).await?);
    let mut findings = unknown.unexpected(&[&NOT_ASKED[..], &["payment_rejected"]].concat());
    findings.extend(declined.unexpected(&[&NOT_ASKED[..], &["card_declined"]].concat()));
    let asked = [("unknown tokens", unknown.of("payment_rejected")), ("declined cards", declined.of("card_declined"))];
    for (what, asked) in asked.into_iter().filter(|(_, asked)| *asked > DECLINES + MORE) {
        findings.push(format!("the provider was asked about {asked} {what} of one account"));
    }
    Ok(Outcome {
        tried: format!("{count} unknown tokens by one account, {count} declined cards by another"),
        did: format!("unknown: {unknown}; declined: {declined}"),
        findings,
    })
}

/// Tries unknown tokens on some orders of a new account: such a token costs no order.
async fn try_tokens(site: &Site, count: usize) -> Result<Answers> {
    let tester = site.user("tester").await?;
    let mut orders = Vec::new();
    for ticket in stock(site, ORDERS).await? {
        orders.push(tester.create_order(ticket).await?.id);
    }
    let tries = orders.into_iter().map(|order| {
        let tester = &tester;
        async move {
            let mut answers = Vec::new();
            for number in 0..count / ORDERS {
                answers.push(tester.pay(order, &format!("tok_madeUp{number}")).await.map(drop));
            }
            answers
        }
    });
    Ok(Answers::to(&join_all(tries).await.into_iter().flatten().collect::<Vec<_>>()))
}

/// Tries declined cards, each on an order of its own.
async fn try_cards(site: &Site, count: usize) -> Result<Answers> {
    let (tester, mut answers) = (site.user("tester").await?, Answers::default());
    for ticket in stock(site, count).await? {
        answers.count(&try_card(&tester, ticket).await);
    }
    Ok(answers)
}

async fn try_card(tester: &Client, ticket: TicketId) -> Result<(), Error> {
    let order = tester.create_order(ticket).await?;
    tester.pay(order.id, "tok_chargeDeclined").await.map(drop)
}
