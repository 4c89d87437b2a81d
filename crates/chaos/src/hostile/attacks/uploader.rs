use std::time::Instant;

use anyhow::Result;
use client::Error;
use testkit::documents::document;

use super::answers::Answers;
use super::bunches::in_bunches;
use super::filler::{BURST, allowed, too_many};
use super::uploads::list_sealed;
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::canary::Canary;
use crate::hostile::site::Site;

/// How many listings they have.
const LISTINGS: usize = 8;
/// How large each file is: together they would fill more than the memory of a process.
const BYTES: usize = 256 * 1024;

/// One account uploads files as fast as it can, each with another code.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let (count, uploader) = (scale.filled, site.user("uploader").await?);
    let mut listed = Vec::new();
    for number in 0..LISTINGS {
        listed.push(list_sealed(&uploader, &format!("Seat {number}")).await?.id);
    }
    let alone = Canary::watch(site, scale.alone).await?;
    let honest = Canary::begin(site).await?;
    let began = Instant::now();
    let uploads = (0..count).map(|number| {
        let (uploader, ticket) = (&uploader, listed[number % LISTINGS]);
        // Before its connection is opened, which would wait for it longer than the server does.
        let file = document(&format!("UPLOADER/{number}"), BYTES);
        async move { uploader.seal_file(ticket, file).await.map(drop) }
    });
    let answers: Vec<Result<(), Error>> = in_bunches(uploads).await;
    let (answers, may_upload) = (Answers::to(&answers), allowed(BURST, began));
    let honest = honest.end().await?.compared_to(&alone, scale.slack);
    let mut findings = answers.unexpected(&["too_many_requests", "too_many_files", "too_many_replacements"]);
    findings.extend(honest.findings);
    findings.extend(too_many("uploads of one account", &answers, may_upload));
    if answers.granted == 0 {
        findings.push("not even one file was taken".into());
    }
    Ok(Outcome {
        tried: format!("{count} uploads of one account"),
        did: format!("{answers}; {}", honest.times),
        findings,
    })
}
