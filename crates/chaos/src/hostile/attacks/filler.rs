use std::time::Instant;

use anyhow::Result;
use client::{Client, Price, TicketForm};
use futures::{StreamExt, stream};

use super::answers::Answers;
use crate::hostile::attack::Outcome;
use crate::hostile::site::{Site, list};

/// How many changes one user may make at once and in a second, by default.
const BURST: u64 = 60;
const A_SECOND: u64 = 2;
/// How many tickets one seller may have for sale.
const OPEN_LISTINGS: usize = 200;
/// Concurrent requests.
const CONCURRENCY: usize = 64;

/// One account fills the disk: with listings, and another with edits of one ticket.
pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    let (lister, editor) = (site.user("lister").await?, site.user("editor").await?);
    let began = Instant::now();
    let listings = (0..count).map(|number| {
        let lister = &lister;
        async move { lister.create_ticket(&form(number)).await.map(drop) }
    });
    let listed = count_all(listings).await;
    let may_list = allowed(began);
    let (ticket, began) = (list(&editor, "Edited").await?, Instant::now());
    let edits = (0..count).map(|number| edit(&editor, ticket.id, number));
    let edited = count_all(edits).await;
    let mut findings = listed.unexpected(&["too_many_requests", "too_many_listings"]);
    findings.extend(edited.unexpected(&["too_many_requests"]));
    for (what, answers, allowed) in [("listings", &listed, may_list), ("edits", &edited, allowed(began))] {
        if answers.granted as u64 > allowed {
            findings.push(format!("{} {what} of one account", answers.granted));
        }
    }
    if listed.granted > OPEN_LISTINGS {
        findings.push(format!("one account has {} tickets for sale", listed.granted));
    }
    Ok(Outcome {
        tried: format!("{count} listings by one account, {count} edits of one ticket by another"),
        did: format!("listings: {listed}; edits: {edited}"),
        findings,
    })
}

/// How many changes one user may have made since `began`.
fn allowed(began: Instant) -> u64 {
    BURST + A_SECOND * (began.elapsed().as_secs() + 1)
}

fn form(number: usize) -> TicketForm {
    let price = Price::from_minor_units(19_99).expect("a price");
    TicketForm::new(format!("Filler {number}"), price)
}

async fn edit(editor: &Client, ticket: client::TicketId, number: usize) -> Result<(), client::Error> {
    editor.edit_ticket(ticket, &form(number)).await.map(drop)
}

async fn count_all(requests: impl Iterator<Item = impl Future<Output = Result<(), client::Error>>>) -> Answers {
    let answers: Vec<_> = stream::iter(requests).buffer_unordered(CONCURRENCY).collect().await;
    Answers::to(&answers)
}
