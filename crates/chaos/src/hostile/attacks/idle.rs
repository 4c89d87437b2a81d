use std::net::Ipv4Addr;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::{StreamExt, stream};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;

use crate::hostile::attack::Outcome;
use crate::hostile::connections;
use crate::hostile::raw::{self, ConnectionClose};
use crate::hostile::site::Site;

/// Connections from one address: it has no more than some 28,000 ports for them.
const FROM_ONE_ADDRESS: usize = 5000;
/// Concurrent connection attempts.
const AT_ONCE: usize = 200;
/// The server waits 10 s for a request; a busy machine takes longer.
const ENOUGH: Duration = Duration::from_secs(40);
/// Connections that honest users may have meanwhile.
const HONEST: usize = 50;

pub(in crate::hostile) async fn attack(site: &Site, count: usize) -> Result<Outcome> {
    allow_files()?;
    let request = b"GET /api/tickets?limit=1 HTTP/1.1\r\nhost: a\r\n\r\n";
    let both = async { tokio::try_join!(hold(site, count, b""), hold(site, count, request)) };
    let ((silent, asked), findings) = until_all_are_gone(site, both).await?;
    let did =
        [("without a request", silent), ("after a request", asked)].map(|(which, closes)| describe(which, &closes));
    let tried = format!(
        "{count} connections on which nothing happens, and {count} on which nothing does after one request, at once"
    );
    Ok(Outcome { tried, did: did.join("; "), findings })
}

fn describe(which: &str, closes: &[ConnectionClose]) -> String {
    let seconds: Vec<f64> = closes.iter().filter_map(|ending| Some(ending.after?.as_secs_f64())).collect();
    let longest = seconds.iter().copied().fold(0.0, f64::max);
    let for_others = seconds.iter().filter(|seconds| **seconds < 9.0).count();
    let never_taken = closes.len() - seconds.len();
    format!(
        "{which}: {for_others} given up for others, {never_taken} never taken out of the system's queue, \
         the rest disconnected after {longest:.0} s"
    )
}

/// Waits for connections to be closed; reports what the server keeps open for too long.
///
/// Clients cannot tell: one that connects while the system's queue is full appears to be connected, and the server never
/// notices.
pub(super) async fn until_all_are_gone<T>(
    site: &Site,
    holding: impl Future<Output = Result<T>>,
) -> Result<(T, Vec<String>)> {
    let before = connections::taken_at(site.address.port())?;
    let mut holding = std::pin::pin!(holding);
    tokio::select! {
        held = &mut holding => Ok((held?, Vec::new())),
        () = tokio::time::sleep(ENOUGH) => {
            let now = connections::taken_at(site.address.port())?;
            let held_still = format!("after {ENOUGH:?} the server holds {now} connections, {before} before");
            Ok((holding.await?, if now > before + HONEST { vec![held_still] } else { Vec::new() }))
        }
    }
}

/// Opens this many connections, each held until the server closes it.
pub(super) async fn hold(site: &Site, count: usize, first: &'static [u8]) -> Result<Vec<ConnectionClose>> {
    let mut held = JoinSet::new();
    let connecting = stream::iter(0..count).map(|number| async move {
        let from = Ipv4Addr::new(127, 0, 1, 1 + u8::try_from(number / FROM_ONE_ADDRESS).unwrap_or(u8::MAX));
        let mut stream = raw::connect_from(from, site.address, None).await.context("connects")?;
        stream.write_all(first).await?;
        Ok::<_, anyhow::Error>(stream)
    });
    let mut connecting = connecting.buffer_unordered(AT_ONCE);
    while let Some(connected) = connecting.next().await {
        let mut stream = connected?;
        held.spawn(async move { raw::until_the_end(&mut stream).await });
    }
    Ok(held.join_all().await)
}

/// Raises our own limit of open files to what the system allows.
fn allow_files() -> Result<()> {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    Ok(setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum })?)
}
