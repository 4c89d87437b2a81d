//! Texts that are paths, headers or commands, and ids that are guessed.

use anyhow::{Context, Result, ensure};
use client::{Client, DeliveryState};
use futures::{StreamExt, TryStreamExt, stream};
use http::header::{CONTENT_DISPOSITION, SET_COOKIE};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::passes::pass;

use super::list_sealed;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::site::{Site, cookie, eventually};

/// What somebody could take for a path, a header or a command.
const TEXTS: [&str; 8] = [
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd\0.pdf",
    "a\r\nSet-Cookie: session=b",
    "\"; filename=\"x.html",
    "$(reboot) `reboot` ; reboot",
    "<script>alert(1)</script>",
    "\u{202e}fdp.exe",
];
/// Requests at once.
const AT_ONCE: usize = 16;
/// What a door may send at once, and more.
const TOO_MANY_SCANS: usize = 201;

pub(super) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (seller, mallory) = (site.user("namer").await?, site.user("mallory").await?);
    let mut findings = Vec::new();
    for text in TEXTS {
        findings.extend(typed(&seller, text).await.err().map(|error| format!("the code {text:?}: {error:#}")));
        findings.extend(sold(site, &seller, text).await.err().map(|error| format!("the ticket {text:?}: {error:#}")));
    }
    let (asked, known) = guess(site, &mallory, scale.guessed_ids).await?;
    findings.extend(known);
    findings.extend(scan(site, &mallory).await?);
    Ok(Outcome {
        tried: format!("{} codes that are paths, headers or commands; {asked} guesses at files; a door", TEXTS.len()),
        did: "such codes are texts; nothing of another user is shown; nobody checks in who is no organiser".into(),
        findings,
    })
}

/// It is a text, or refused.
async fn typed(seller: &Client, text: &str) -> Result<()> {
    let ticket = list_sealed(seller, "Typed").await?;
    // No two listings have the same.
    let code = format!("{text} {}", ticket.id);
    match seller.seal_code(ticket.id, &code, None).await {
        Ok(sealing) => ensure!(sealing.checked, "it is taken, and forgotten"),
        Err(error) => ensure!(error.status().is_some_and(|status| status == 400), "{error}"),
    }
    Ok(())
}

/// Where it is the code of a ticket that is sold, it is the code of the ticket that is bought, and nothing else.
async fn sold(site: &Site, seller: &Client, text: &str) -> Result<()> {
    let (ticket, buyer) = (list_sealed(seller, "Named").await?, site.user("named").await?);
    let (code, visitor) = (format!("{text} {}", ticket.id), site.visitor());
    let file = pass(&code);
    let sealing = seller.seal_file(ticket.id, file.clone()).await?;
    let is_for_sale = async || Ok(visitor.ticket(ticket.id).await?.details.delivery.is_some_and(is_sealed));
    eventually("a sealed ticket is for sale", is_for_sale).await?;
    let order = buyer.create_order(ticket.id).await?.id;
    buyer.pay(order, "tok_visa").await?;
    let is_released = async || Ok(buyer.delivery(order).await?.state == DeliveryState::Released);
    eventually("a ticket that was paid for is released", is_released).await?;
    let codes = buyer.delivery(order).await?.codes;
    let is_same = codes.len() == sealing.codes && codes.iter().all(|shown| shown.text == code);
    ensure!(is_same, "its buyer is shown {codes:?}");
    let mut download = buyer.delivered_file(order).await?;
    let name = download.header(&CONTENT_DISPOSITION).context("a name")?.to_str()?.to_owned();
    ensure!(name == format!("attachment; filename=\"ticket-{order}.pkpass\""), "it is called {name}");
    ensure!(download.header(&SET_COOKIE).is_none(), "it brings a cookie");
    let mut came = Vec::new();
    while let Some(part) = download.next().await? {
        came.extend_from_slice(&part);
    }
    ensure!(came == file, "its buyer gets another file");
    Ok(())
}

fn is_sealed(promise: client::DeliveryPromise) -> bool {
    matches!(promise, client::DeliveryPromise::Sealed { seal, .. } if !seal.is_none())
}

/// Asks for what others have, by ids that are known and those before and after; returns how often, and what was given.
async fn guess(site: &Site, mallory: &Client, count: u128) -> Result<(usize, Vec<String>)> {
    let ticket = list_sealed(&site.user("keeper").await?, "Guessed").await?.id.to_string();
    let mut paths = vec![format!("/files/{ticket}"), format!("/api/deliveries/orders/..%2f..%2ffiles%2f{ticket}/file")];
    for known in [&ticket, &site.order.id.to_string(), &site.order.ticket.id.to_string()] {
        let number = u128::from_str_radix(known, 16).context("an id")?;
        for id in number.saturating_sub(count)..=number + count {
            let of = |kind: &str, what: &str| format!("/api/deliveries/{kind}/{id:024x}{what}");
            paths.extend([of("tickets", ""), of("tickets", "/file"), of("orders", ""), of("orders", "/file")]);
        }
    }
    let (cookie, asked) = (cookie(mallory)?, paths.len());
    let answers = stream::iter(paths).map(async |path| {
        let request = site.request(Method::GET, &path).header("cookie", &cookie);
        let answer = request.send().await?;
        let (status, text) = (answer.status().as_u16(), answer.text().await?);
        // What is as young as this could be on its way.
        let is_unheard_of = status == 503 && text.contains("not_heard_yet");
        let is_refused = [400, 401, 404].contains(&status) || is_unheard_of;
        anyhow::Ok((!is_refused).then(|| format!("{path}: {status}")))
    });
    let given: Vec<Option<String>> = answers.buffer_unordered(AT_ONCE).try_collect().await?;
    Ok((asked, given.into_iter().flatten().collect()))
}

/// Somebody at a door who does not organise the event.
async fn scan(site: &Site, mallory: &Client) -> Result<Vec<String>> {
    let path = format!("/api/deliveries/events/{}/checkins", site.order.id);
    let scan = |code: &str, id: &str| json!({"code": code, "at": "2027-06-12T19:00:00Z", "id": id});
    let forged = |scans: Vec<Value>| json!({"door": "North", "scans": scans});
    let (long, cookie) = ("A".repeat(60_000), cookie(mallory)?);
    let bodies = [
        ("no scan", forged(vec![])),
        ("a forged code", forged(vec![scan("AQEBAQEBAQEBAQEBAQEBAQ", "1")])),
        ("a code of 60,000 letters", forged(vec![scan(&long, "1")])),
        ("201 scans", forged(vec![scan("A", "1"); TOO_MANY_SCANS])),
        ("a scan with a long name", forged(vec![scan("A", &"1".repeat(61))])),
        ("a door with a long name", json!({"door": "N".repeat(61), "scans": []})),
    ];
    let mut findings = Vec::new();
    for (name, body) in bodies {
        for session in [None, Some(&cookie)] {
            let request = site.request(Method::POST, &path).json(&body);
            let request = session.into_iter().fold(request, |request, cookie| request.header("cookie", cookie));
            let status = request.send().await?.status().as_u16();
            if status != 401 && (session.is_none() || status != 400) {
                findings.push(format!("{name}: {status}"));
            }
        }
    }
    Ok(findings)
}
