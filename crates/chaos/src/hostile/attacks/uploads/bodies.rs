//! Bodies that are not as long as they say, or do not end.

use std::time::Duration;

use anyhow::Result;
use client::{Client, Ticket};
use futures::future::join_all;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{list_sealed, path_of};
use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::raw::{self, ConnectionClose};
use crate::hostile::site::{Site, cookie};

/// How many files may come in at once, so that these would be all.
const TRICKLING: usize = 16;
/// A file has two minutes; a busy machine takes longer.
const ENOUGH: Duration = Duration::from_secs(150);
/// The pause between two bytes of them.
const DRIP: Duration = Duration::from_millis(500);
const MIB: usize = 1024 * 1024;
/// The header of a body that comes in chunks.
const CHUNKED: &str = "transfer-encoding: chunked";

/// A way to send a body, and with what it may be answered. Hanging up is an answer, too.
struct Way {
    name: &'static str,
    headers: String,
    body: Vec<u8>,
    answers: &'static [u16],
}

pub(super) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    let liar = site.user("liar").await?;
    let ticket = list_sealed(&liar, "Lies").await?;
    let (mut did, mut findings) = (Vec::new(), Vec::new());
    let ways = ways();
    for way in &ways {
        let request = [head(&liar, &ticket, &way.headers)?.as_slice(), &way.body].concat();
        let ending = send_and_end(site, &request).await?;
        if ending.after.is_none() || !ending.statuses.iter().all(|status| way.answers.contains(status)) {
            findings.push(format!("{} was answered with {:?}", way.name, ending.statuses));
        }
        did.push(format!("{}: {:?}", way.name, ending.statuses));
    }
    let trickled = trickle(site, scale).await?;
    findings.extend(trickled.findings);
    Ok(Outcome {
        tried: format!("{} bodies of another length than said, {}", ways.len(), trickled.tried),
        did: format!("{}; {}", did.join("; "), trickled.did),
        findings,
    })
}

fn ways() -> Vec<Way> {
    let file = |bytes: usize| [b"%PDF-1.7\n".as_slice(), &vec![b' '; bytes]].concat();
    let way = |name, headers: &str, body, answers| Way { name, headers: headers.to_owned(), body, answers };
    let chunks = [b"10000\r\n".as_slice(), &file(0x10000 - 9), b"\r\n"].concat();
    let further = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let unannounced = [chunks, further.repeat(11 * MIB / 0x10000), b"0\r\n\r\n".to_vec()].concat();
    vec![
        way("11 MiB", &format!("content-length: {}", 11 * MIB + 9), file(11 * MIB), &[413]),
        way("11 MiB, unannounced", CHUNKED, unannounced, &[413]),
        way("10 GB, announced", "content-length: 10737418240", file(10), &[400, 408, 413]),
        way("less than it says", "content-length: 1000", file(10), &[400, 408]),
        way("more than it says", "content-length: 100", file(MIB), &[400]),
        way("a length that is none", "content-length: -1", file(10), &[400]),
        way("two lengths", "content-length: 19\r\ncontent-length: 10", file(10), &[400]),
        way("a chunk of 2^63 bytes", CHUNKED, b"7fffffffffffffff\r\n%PDF-".to_vec(), &[400, 413]),
        way("no chunk", CHUNKED, b"%PDF-1.7\r\n".to_vec(), &[400]),
    ]
}

/// Sends all of it, as far as it is read, and hangs up.
async fn send_and_end(site: &Site, request: &[u8]) -> Result<ConnectionClose> {
    let mut stream = TcpStream::connect(site.address).await?;
    let (mut reading, mut writing) = stream.split();
    let sending = async {
        // The server may answer, and close the connection, before it has read everything.
        if writing.write_all(request).await.is_ok() {
            let _ = writing.shutdown().await;
        }
    };
    let (ending, ()) = tokio::join!(raw::until_the_end(&mut reading), sending);
    Ok(ending)
}

/// One account uploads as many files as may come in at once, all of them byte by byte.
async fn trickle(site: &Site, scale: &Scale) -> Result<Outcome> {
    let trickler = site.user("trickler").await?;
    let ticket = list_sealed(&trickler, "Drops").await?;
    let head = [head(&trickler, &ticket, "content-length: 1000000")?.as_slice(), b"%PDF-1.7\n"].concat();
    let endings = join_all((0..TRICKLING).map(|_| drip(site, &head, scale.trickling))).await;
    let endings: Vec<Option<ConnectionClose>> = endings.into_iter().collect::<Result<_>>()?;
    let closed: Vec<&ConnectionClose> = endings.iter().flatten().collect();
    let statuses = closed.iter().flat_map(|ending| &ending.statuses);
    let mut findings: Vec<String> = statuses
        .filter(|status| ![400, 408, 503].contains(*status))
        .map(|status| format!("what comes byte by byte was answered with {status}"))
        .collect();
    if scale.trickling > ENOUGH && closed.len() < TRICKLING {
        findings.push(format!("{} files came byte by byte for {ENOUGH:?}", TRICKLING - closed.len()));
    }
    Ok(Outcome {
        tried: format!("{TRICKLING} files of one account byte by byte for {:?}", scale.trickling),
        did: format!("{} of {TRICKLING} ended", closed.len()),
        findings,
    })
}

/// How the connection was closed, if it was in this time.
async fn drip(site: &Site, head: &[u8], span: Duration) -> Result<Option<ConnectionClose>> {
    let mut stream = TcpStream::connect(site.address).await?;
    stream.write_all(head).await?;
    let (mut reading, mut writing) = stream.split();
    let dripping = async {
        while writing.write_all(b" ").await.is_ok() {
            tokio::time::sleep(DRIP).await;
        }
        std::future::pending::<()>().await;
    };
    let closed = async {
        tokio::select! {
            ending = until_closed(&mut reading) => ending,
            () = dripping => unreachable!("it sends forever"),
        }
    };
    Ok(tokio::time::timeout(span, closed).await.ok())
}

/// However long that takes.
async fn until_closed(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> ConnectionClose {
    loop {
        let ending = raw::until_the_end(stream).await;
        if ending.after.is_some() {
            return ending;
        }
    }
}

fn head(who: &Client, ticket: &Ticket, headers: &str) -> Result<Vec<u8>> {
    let (path, cookie) = (path_of(ticket), cookie(who)?);
    let head = format!("PUT {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nconnection: close\r\n{headers}\r\n\r\n");
    Ok(head.into_bytes())
}
