use std::net::Ipv4Addr;

use anyhow::{Result, ensure};
use reqwest::Method;

use super::idle;
use crate::hostile::report::Row;
use crate::hostile::site::{Site, http_from};
use crate::hostile::upkeep::Upkeep;

pub(in crate::hostile) const NAME: &str = "more connections than files";

/// The process's limit of open files.
pub(in crate::hostile) const FILES: u32 = 256;
/// The number of connections that compete for them.
const CONNECTIONS: usize = 2000;
/// How often a new client connects meanwhile.
const VISITS: usize = 200;

/// Opens many connections at once, repeatedly, to a process with a low limit of open files.
pub(in crate::hostile) async fn attack(site: &Site) -> Result<Row> {
    let before = Upkeep::of(site.pid)?;
    let holding = idle::until_all_are_gone(site, idle::hold(site, CONNECTIONS, b""));
    let (held, visited) = tokio::join!(holding, visit(site));
    let (_, mut findings) = held?;
    let (after, kept) = before.again(site.pid).await?;
    findings.extend(kept);
    if let Err(error) = &visited {
        findings.push(format!("{error:#}"));
    }
    Ok(Row {
        attack: NAME,
        tried: format!("{CONNECTIONS} connections to a process limited to {FILES} files"),
        did: "takes as many as leave a quarter of its files; further ones get the place of the idlest".into(),
        honest: format!(
            "{VISITS} new visitors, {}",
            visited.map_or_else(|error| error.to_string(), |()| "all served".into())
        ),
        upkeep: format!("{} files, {} MiB; after it {}, {}", before.files, before.memory, after.files, after.memory),
        findings,
    })
}

/// Each on a connection of its own.
async fn visit(site: &Site) -> Result<()> {
    for _ in 0..VISITS {
        let http = http_from(Ipv4Addr::LOCALHOST)?;
        let answer = site.request_with(&http, Method::GET, "/api/tickets").send().await?;
        ensure!(answer.status() == 200, "{}", answer.status());
    }
    Ok(())
}
