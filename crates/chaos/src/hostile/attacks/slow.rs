use std::time::Duration;

use anyhow::Result;
use futures::future::join_all;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::hostile::attack::Outcome;
use crate::hostile::connections;
use crate::hostile::raw::{self, ConnectionClose};
use crate::hostile::site::{Site, cookie};

/// The pause between two bytes of a slow request.
const DRIP: Duration = Duration::from_millis(500);
/// The server gives heads and bodies 10 s; a busy machine takes longer.
const ENOUGH: Duration = Duration::from_secs(40);

/// The bytes sent at once, and whether more follow, one at a time.
struct Way {
    name: &'static str,
    start: Vec<u8>,
    drip: Option<&'static [u8]>,
}

pub(in crate::hostile) async fn attack(site: &Site, clients: usize) -> Result<Outcome> {
    let ways = ways(&cookie(&site.seller)?);
    let (mut did, mut findings) = (Vec::new(), Vec::new());
    let closes = join_all(ways.iter().map(|way| join_all((0..clients).map(|_| be_slow(site, way))))).await;
    for (way, closes) in ways.iter().zip(closes) {
        let slow: Vec<Slow> = closes.into_iter().collect::<Result<_>>()?;
        let still_there = slow.iter().filter(|slow| slow.was_there_for_too_long).count();
        let closes: Vec<ConnectionClose> = slow.into_iter().map(|slow| slow.close).collect();
        let times: Vec<Duration> = closes.iter().filter_map(|ending| ending.after).collect();
        let longest = times.iter().max().copied().unwrap_or_default().as_secs_f64();
        let mut statuses: Vec<u16> = closes.iter().flat_map(|ending| ending.statuses.clone()).collect();
        statuses.sort_unstable();
        statuses.dedup();
        let answered = match statuses.as_slice() {
            [] => "without an answer".to_owned(),
            some => format!("answered {some:?}"),
        };
        did.push(format!("{}: disconnected after {longest:.0} s at the latest, {answered}", way.name));
        if still_there > 0 {
            findings.push(format!("{}: {still_there} were not disconnected within {ENOUGH:?}", way.name));
        }
    }
    let tried = format!("{clients} clients in each of {} ways", ways.len());
    Ok(Outcome { tried, did: did.join("; "), findings })
}

/// What became of one client.
struct Slow {
    close: ConnectionClose,
    was_there_for_too_long: bool,
}

async fn be_slow(site: &Site, way: &Way) -> Result<Slow> {
    let mut stream = TcpStream::connect(site.address).await?;
    let (ours, theirs) = (stream.local_addr()?.port(), site.address.port());
    stream.write_all(&way.start).await?;
    let (mut reading, mut writing) = stream.split();
    let dripping = async {
        while let Some(byte) = way.drip {
            if writing.write_all(byte).await.is_err() {
                break;
            }
            tokio::time::sleep(DRIP).await;
        }
        std::future::pending::<()>().await;
    };
    let close = tokio::select! {
        close = raw::until_the_end(&mut reading) => close,
        () = dripping => unreachable!("it sends forever"),
    };
    let was_there_for_too_long = match close.after {
        Some(after) => after > ENOUGH,
        None => connections::is_between(theirs, ours)?,
    };
    Ok(Slow { close, was_there_for_too_long })
}

fn ways(cookie: &str) -> Vec<Way> {
    let whole = raw::json_request("POST", "/api/tickets", cookie, &json!({"title": "Concert", "price": 20}));
    let head = whole.windows(4).position(|bytes| bytes == b"\r\n\r\n").map_or(whole.len(), |at| at + 4);
    let way = |name, start: &[u8], drip| Way { name, start: start.to_vec(), drip };
    let get = format!("GET /api/orders HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-length: 1000\r\n\r\n");
    let chunks = format!(
        "POST /api/tickets HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n"
    );
    vec![
        way("not a byte", b"", None),
        way("the beginning of HTTP/2", b"PRI", None),
        way("half a head", &whole[..head / 2], None),
        way("a head byte by byte", b"GET / HTTP/1.1\r\nx: ", Some(b"x")),
        way("a head line by line", b"GET / HTTP/1.1\r\n", Some(b"x: x\r\n")),
        way("half a body", &whole[..whole.len() - 1], None),
        way("a body chunk by chunk", chunks.as_bytes(), Some(b"1\r\n \r\n")),
        way("a body that nobody asked for", get.as_bytes(), Some(b"x")),
    ]
}
