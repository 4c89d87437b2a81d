use anyhow::Result;
use client::{Client, OrderId};
use futures::{StreamExt, stream};

use super::answers::Answers;
use crate::hostile::attack::Outcome;
use crate::hostile::site::{Site, list};

/// How many attempts of one order reach the provider in an hour, by default, and how many refused cards of one user.
const OF_ONE_ORDER: usize = 10;
const DECLINES: usize = 10;
/// What leaks out of those while an attack takes some minutes.
const LEAKED: usize = 2;
/// Concurrent attempts.
const CONCURRENCY: usize = 16;

/// One account finds out which of many cards work, and another which of many made-up tokens.
pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    let unknown = try_cards(site, count, |number| format!("tok_madeUp{number}")).await?;
    let declined = try_cards(site, count, |_| "tok_chargeDeclined".to_owned()).await?;
    let (asked_unknown, asked_declined) = (unknown.of("payment_rejected"), declined.of("card_declined"));
    let refusals = ["too_many_payments", "too_many_declines", "too_many_requests", "being_paid", "payments_busy"];
    let mut findings = unknown.unexpected(&[&refusals[..], &["payment_rejected"]].concat());
    let ended = ["card_declined", "order_cancelled", "payment_failed"];
    findings.extend(declined.unexpected(&[&refusals[..], &ended].concat()));
    if asked_unknown > OF_ONE_ORDER + LEAKED || unknown.granted > 0 {
        findings.push(format!("{asked_unknown} unknown tokens of one order reached the provider"));
    }
    if asked_declined > DECLINES + LEAKED || declined.granted > 0 {
        findings.push(format!("{asked_declined} cards of one account were asked for"));
    }
    Ok(Outcome {
        tried: format!("{count} unknown tokens by one account, {count} declined cards by another"),
        did: format!("unknown: {unknown}; declined: {declined}"),
        findings,
    })
}

/// Tries the cards on four orders of a new account in turn.
async fn try_cards(site: &Site, count: usize, card: impl Fn(usize) -> String) -> Result<Answers> {
    let (seller, tester) = (site.user("seller").await?, site.user("tester").await?);
    let mut orders = Vec::new();
    for number in 0..4 {
        let ticket = list(&seller, &format!("Test {number}")).await?;
        orders.push(tester.create_order(ticket.id).await?.id);
    }
    let attempts = (0..count).map(|number| try_card(&tester, orders[number * 4 / count], card(number)));
    let answers: Vec<_> = stream::iter(attempts).buffer_unordered(CONCURRENCY).collect().await;
    Ok(answers.iter().fold(Answers::default(), |mut counted, answer| {
        counted.count(answer);
        counted
    }))
}

async fn try_card(tester: &Client, order: OrderId, card: String) -> Result<(), client::Error> {
    tester.pay(order, &card).await.map(drop)
}
