use std::net::Ipv4Addr;
use std::time::Instant;

use anyhow::Result;
use client::{Client, Error, Price, TicketForm, TicketId};

use super::answers::Answers;
use super::bunches::in_bunches;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::canary::Canary;
use crate::hostile::site::{Site, list};

/// How many changes one user may make at once and in half a minute, by default.
pub(super) const BURST: u32 = 60;
/// The seconds in which that drains completely.
const PERIOD: u64 = 30;
/// How many tickets one seller may have for sale.
const OPEN_LISTINGS: usize = 200;
/// Where the accounts of one address are: those who list, and those who edit.
const ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(192, 0, 2, 4), Ipv4Addr::new(192, 0, 2, 5)];

/// One account fills the disk: with listings, and another with edits of one ticket.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (count, lister, editor) = (scale.filled, site.user("lister").await?, site.user("editor").await?);
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let began = Instant::now();
    let listed = count_all((0..count).map(|number| add(&lister, number))).await;
    let may_list = allowed(BURST, began);
    let (ticket, began) = (list(&editor, "Edited").await?, Instant::now());
    let edited = count_all((0..count).map(|number| edit(&editor, ticket.id, number))).await;
    let may_edit = allowed(BURST, began);
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = listed.unexpected(&["too_many_requests", "too_many_listings"]);
    findings.extend(edited.unexpected(&["too_many_requests"]));
    findings.extend(honest.findings);
    findings.extend(too_many("listings of one account", &listed, may_list));
    findings.extend(too_many("edits of one account", &edited, may_edit));
    if listed.granted > OPEN_LISTINGS {
        findings.push(format!("one account has {} tickets for sale", listed.granted));
    }
    Ok(Outcome {
        tried: format!("{count} listings by one account, {count} edits of one ticket by another"),
        did: format!("listings: {listed}; edits: {edited}; {}", honest.times),
        findings,
    })
}

/// Many accounts at one address list tickets, and many at another edit theirs, none of them more than one account may.
pub(in crate::hostile) async fn from_one_address(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (accounts, each, limit) = (scale.fillers, scale.filled / scale.fillers, scale.address.changes);
    let listers = site.people.users_at(ADDRESSES[0], "lister", accounts).await?;
    let editors = site.people.users_at(ADDRESSES[1], "editor", accounts).await?;
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let began = Instant::now();
    let by_all =
        |people: Vec<Client>| (0..each * accounts).map(move |number| (people[number % accounts].clone(), number));
    let listings = by_all(listers).map(|(lister, number)| async move { add(&lister, number).await });
    let listed = count_all(listings).await;
    let may_list = allowed(limit, began);
    // The address makes these changes, too.
    let began = Instant::now();
    let mut tickets = Vec::new();
    for editor in &editors {
        tickets.push(list(editor, "Edited").await?.id);
    }
    let edits = by_all(editors).map(|(editor, number)| {
        let ticket = tickets[number % accounts];
        async move { edit(&editor, ticket, number).await }
    });
    let edited = count_all(edits).await;
    let may_edit = allowed(limit, began);
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = listed.unexpected(&["too_many_requests"]);
    findings.extend(edited.unexpected(&["too_many_requests"]));
    findings.extend(honest.findings);
    findings.extend(too_many("listings from one address", &listed, may_list));
    findings.extend(too_many("edits from one address", &edited, may_edit));
    Ok(Outcome {
        tried: format!(
            "{accounts} accounts at one address list {each} tickets each, as many at another edit one each as often"
        ),
        did: format!("listings: {listed}; edits: {edited}; {}", honest.times),
        findings,
    })
}

/// How many changes may have been made since `began`, where so many may be in half a minute.
pub(super) fn allowed(burst: u32, began: Instant) -> u64 {
    let drained = u64::from(burst) * (began.elapsed().as_secs() + 1);
    u64::from(burst) + drained.div_ceil(PERIOD)
}

/// A finding, if more was granted.
pub(super) fn too_many(what: &str, answers: &Answers, allowed: u64) -> Option<String> {
    (answers.granted as u64 > allowed).then(|| format!("{} {what}, of which {allowed} are allowed", answers.granted))
}

fn form(number: usize) -> TicketForm {
    let price = Price::from_minor_units(19_99).expect("a price");
    TicketForm::new(format!("Filler {number}"), price)
}

async fn add(lister: &Client, number: usize) -> Result<(), Error> {
    lister.create_ticket(&form(number)).await.map(drop)
}

async fn edit(editor: &Client, ticket: TicketId, number: usize) -> Result<(), Error> {
    editor.edit_ticket(ticket, &form(number)).await.map(drop)
}

async fn count_all(requests: impl Iterator<Item = impl Future<Output = Result<(), Error>>>) -> Answers {
    Answers::to(&in_bunches(requests).await)
}
