use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::hostile::attack::Outcome;
use crate::hostile::raw;
use crate::hostile::site::Site;

/// The smallest receive buffer that the system grants, so that the server is soon unable to send.
const BUFFER: Option<u32> = Some(4096);
/// From this many requests on, their responses exceed the system's send buffer of the server.
const TOO_MANY: usize = 1000;
/// How long honest users trade while watchers do not read.
const WHILE: Duration = Duration::from_secs(5);
/// The server closes a connection after 30 s without progress, and the system probes at growing intervals.
const ENOUGH: Duration = Duration::from_secs(120);

pub(in crate::hostile) async fn attack(site: &Site, clients: usize, unread: usize) -> Result<Outcome> {
    let mut findings = Vec::new();
    let watchers =
        join_all((0..clients).map(|_| ask(site, b"GET /api/tickets/live HTTP/1.1\r\nhost: a\r\n\r\n"))).await;
    let watchers: Vec<TcpStream> = watchers.into_iter().collect::<Result<_>>()?;
    tokio::time::sleep(WHILE).await;
    let half_closed = half_closed(site).await?;
    if half_closed.after.is_none() {
        findings.push("a connection that the client half-closed was not closed".into());
    }

    let requests = "GET /api/tickets?limit=100 HTTP/1.1\r\nhost: a\r\n\r\n".repeat(unread);
    let longest = match unread {
        ..TOO_MANY => "not waited for".to_owned(),
        TOO_MANY.. => {
            let ended = join_all((0..clients).map(|_| ask_and_never_read(site, requests.as_bytes()))).await;
            let ended: Vec<Duration> = ended.into_iter().collect::<Result<_>>()?;
            let longest = ended.iter().max().copied().unwrap_or_default();
            if longest > ENOUGH {
                findings.push(format!("a client that reads nothing was not disconnected within {ENOUGH:?}"));
            }
            format!("disconnected after {:.0} s at the latest", longest.as_secs_f64())
        }
    };
    drop(watchers);
    let tried = format!("{clients} clients each: live updates without reading; {unread} lists at once, likewise");
    Ok(Outcome { tried, did: format!("watchers cost only their socket buffers; the others: {longest}"), findings })
}

async fn ask(site: &Site, request: &[u8]) -> Result<TcpStream> {
    let mut stream = raw::connect_from(Ipv4Addr::LOCALHOST, site.address, BUFFER).await?;
    stream.write_all(request).await?;
    Ok(stream)
}

/// How long the server keeps a connection to a client that does not read.
async fn ask_and_never_read(site: &Site, requests: &[u8]) -> Result<Duration> {
    let mut stream = raw::connect_from(Ipv4Addr::LOCALHOST, site.address, BUFFER).await?;
    let began = Instant::now();
    // Whether the connection still exists shows only when there is something to send.
    let sending = async {
        let mut rest = requests;
        while began.elapsed() < 2 * ENOUGH {
            let next = if rest.is_empty() { &b"\r\n"[..] } else { rest };
            match tokio::time::timeout(Duration::from_secs(1), stream.write(next)).await {
                Ok(Err(_)) => return,
                Ok(Ok(sent)) if !rest.is_empty() => rest = &rest[sent.min(rest.len())..],
                Ok(Ok(_)) => tokio::time::sleep(Duration::from_secs(1)).await,
                Err(_) => {}
            }
        }
    };
    sending.await;
    Ok(began.elapsed())
}

/// A complete request, followed by a half-close.
async fn half_closed(site: &Site) -> Result<raw::ConnectionClose> {
    let mut stream = ask(site, b"GET /api/tickets/live HTTP/1.1\r\nhost: a\r\n\r\n").await?;
    stream.shutdown().await?;
    Ok(raw::until_the_end(&mut stream).await)
}
