use anyhow::Result;

use crate::hostile::attack::Outcome;
use crate::hostile::raw;
use crate::hostile::site::{Site, cookie};

/// Smuggled inside another request: it would get a response of its own.
const HIDDEN: &str = "GET /api/users/currentuser HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

/// Bytes that a proxy in front may parse as one request must not be two for us, so there is at most one
/// response and the connection is closed.
pub(in crate::hostile) async fn attack(site: &Site) -> Result<Outcome> {
    let shapes = shapes(&cookie(&site.seller)?);
    let (mut refused, mut answered, mut findings) = (0, Vec::new(), Vec::new());
    for (name, bytes) in &shapes {
        let ending = raw::send(site.address, bytes).await?;
        match (ending.statuses.as_slice(), ending.after) {
            ([] | [400..500], Some(_)) => refused += 1,
            ([status], Some(_)) => answered.push(format!("{name}: one answer, {status}")),
            (statuses, _) => findings.push(format!("{name}: {statuses:?}, ended {:?}", ending.after)),
        }
    }
    let answered = if answered.is_empty() { String::new() } else { format!("; {}", answered.join("; ")) };
    let did = format!("refuses or disconnects {refused}{answered}");
    Ok(Outcome { tried: format!("{} shapes, each with another request hidden in it", shapes.len()), did, findings })
}

fn shapes(cookie: &str) -> Vec<(&'static str, Vec<u8>)> {
    let post = |headers: &str, body: &str| {
        format!("POST /api/tickets HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n{headers}\r\n{body}")
            .into_bytes()
    };
    let whole = format!("0\r\n\r\n{HIDDEN}");
    let length = whole.len();
    let mut shapes = Vec::new();
    for (name, headers) in [
        ("length and chunks", format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n")),
        ("chunks and length", format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n")),
        ("two lengths", format!("content-length: 0\r\ncontent-length: {length}\r\n")),
        ("a list of lengths", format!("content-length: 0, {length}\r\n")),
        ("a signed length", "content-length: +0\r\n".into()),
        ("a negative length", "content-length: -1\r\n".into()),
        ("a hexadecimal length", "content-length: 0x5\r\n".into()),
        ("a length with a space", "content-length : 5\r\n".into()),
        ("a length on two lines", "content-length:\r\n 5\r\n".into()),
        ("chunks with a space", "transfer-encoding : chunked\r\n".into()),
        ("chunks, then nothing", "transfer-encoding: chunked, identity\r\n".into()),
        ("chunks twice", "transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n".into()),
        ("chunks with a tab", format!("transfer-encoding:\tchunked\r\ncontent-length: {length}\r\n")),
        ("chunks in quotes", format!("transfer-encoding: \"chunked\"\r\ncontent-length: {length}\r\n")),
        ("chunks of another kind", format!("transfer-encoding: xchunked\r\ncontent-length: {length}\r\n")),
        ("a null in a header", "x: \0\r\n".into()),
        ("a bare carriage return", "x: a\rcontent-length: 5\r\n".into()),
    ] {
        shapes.push((name, post(&headers, &whole)));
    }
    for (name, chunk) in [
        ("a chunk size that is none", "zz\r\n"),
        ("a chunk size below zero", "-1\r\n"),
        ("a chunk size with 0x", "0x1\r\n{\r\n"),
        ("a chunk that is shorter than it says", "5\r\n{}\r\n0\r\n\r\n"),
        ("a chunk that is longer than it says", "1\r\n{}}}}\r\n0\r\n\r\n"),
        ("a chunk size that overflows", "10000000000000001\r\n{\r\n0\r\n\r\n"),
        ("a chunk that ends with a line feed", "1\n{\n0\n\n"),
    ] {
        shapes.push((name, post("transfer-encoding: chunked\r\n", &format!("{chunk}{HIDDEN}"))));
    }
    let end = "host: a\r\nconnection: close\r\n\r\n";
    let settings = b"\0\0\0\x04\0\0\0\0\0";
    let reset = b"\0\0\x04\x01\x05\0\0\0\x01\x82\x86\x84\x41\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08";
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    shapes.extend([
        ("HTTP/2, streams opened and reset", [&preface[..], settings, &reset.repeat(1000)].concat()),
        (
            "HTTP/2 by upgrade",
            format!("GET / HTTP/1.1\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n{end}").into_bytes(),
        ),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(50)),
        ("SOCKS", b"\x05\x01\x00\x05\x01\x00\x03".repeat(50)),
        ("HTTP/0.9", b"GET /api/tickets\r\n\r\n".to_vec()),
        ("HTTP/9.9", b"GET / HTTP/9.9\r\n\r\n".to_vec()),
        ("CONNECT", format!("CONNECT 127.0.0.1:22 HTTP/1.1\r\n{end}").into_bytes()),
        ("a proxy's request", format!("GET http://169.254.169.254/ HTTP/1.1\r\n{end}").into_bytes()),
        ("TRACE", format!("TRACE /api/orders HTTP/1.1\r\ncookie: {cookie}\r\n{end}").into_bytes()),
        ("no host", b"GET /api/users/currentuser HTTP/1.1\r\nconnection: close\r\n\r\n".to_vec()),
        ("line feeds alone", b"GET /nothing HTTP/1.1\nhost: a\nconnection: close\n\n".to_vec()),
        ("a path with a null", format!("GET /\0 HTTP/1.1\r\n{end}").into_bytes()),
        ("noise", (0..4096_u32).map(|n| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24).unwrap_or(0)).collect()),
    ]);
    shapes
}
