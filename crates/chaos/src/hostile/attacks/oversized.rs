use std::io::Write;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::hostile::attack::Outcome;
use crate::hostile::raw;
use crate::hostile::site::{Site, cookie};

/// A request, and the statuses with which it may be refused. Closing the connection without a response is a
/// refusal, too: the rest of a request that is too long need not be read.
struct Case {
    name: &'static str,
    request: Vec<u8>,
    refused: &'static [u16],
}

pub(in crate::hostile) async fn attack(site: &Site) -> Result<Outcome> {
    let cases = cases(&cookie(&site.seller)?, &bomb()?);
    let (mut did, mut findings) = (Vec::new(), Vec::new());
    for Case { name, request, refused } in &cases {
        let ending = raw::send(site.address, request).await?;
        let is_refused = ending.statuses.len() <= 1 && ending.statuses.iter().all(|status| refused.contains(status));
        if !is_refused || ending.after.is_none() {
            findings.push(format!("{name} was answered with {:?}", ending.statuses));
        }
        let answer = ending.statuses.first().map_or("hung up".to_owned(), u16::to_string);
        did.push(format!("{name}: {answer}"));
    }
    Ok(Outcome { tried: format!("{} kinds of requests", cases.len()), did: did.join("; "), findings })
}

const HEAD: &[u16] = &[431, 414, 400];
const BODY: &[u16] = &[413];
/// The server waits for the announced body, as long as for any body.
const ANNOUNCED: &[u16] = &[413, 408];
const JSON: &[u16] = &[400];
/// 404 in a process that serves only the API.
const FORM: &[u16] = &[400, 404, 413, 422];

fn cases(cookie: &str, bomb: &[u8]) -> Vec<Case> {
    let mb = "x".repeat(1_000_000);
    let get = |path: &str, headers: &str| format!("GET {path} HTTP/1.1\r\nhost: a\r\n{headers}\r\n").into_bytes();
    let post = |headers: &str, body: &[u8]| {
        let head = format!(
            "POST /api/tickets HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\ncontent-type: application/json\r\n{headers}\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let sized = |body: &str| post(&format!("connection: close\r\ncontent-length: {}\r\n", body.len()), body.as_bytes());
    let chunked = |body: &[u8]| post("connection: close\r\ntransfer-encoding: chunked\r\n", body);
    let ten_mb = format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(160) + "0\r\n\r\n";
    let compressed = format!("content-encoding: gzip\r\nconnection: close\r\ncontent-length: {}\r\n", bomb.len());
    let form = |body: &str| {
        let length = body.len();
        let head =
            "POST /signin HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded";
        format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}").into_bytes()
    };
    let case = |name, request, refused| Case { name, request, refused };
    vec![
        case("1 MB of path", get(&format!("/{mb}"), ""), HEAD),
        case("1 MB of query", get(&format!("/api/tickets?q={mb}"), ""), HEAD),
        case("1 MB of header", get("/api/tickets", &format!("x: {mb}\r\n")), HEAD),
        case("1 MB of header name", get("/api/tickets", &format!("{mb}: x\r\n")), HEAD),
        case("1 MB of cookies", get("/api/orders", &format!("cookie: session={mb}\r\n")), HEAD),
        case("10,000 headers", get("/api/tickets", &"x: x\r\n".repeat(10_000)), HEAD),
        case("101 headers", get("/api/tickets", &"x: x\r\n".repeat(100)), HEAD),
        case("a method of 1 MB", format!("{mb} / HTTP/1.1\r\n\r\n").into_bytes(), HEAD),
        case("10 GB of body, announced", post("content-length: 10737418240\r\n", b"{"), ANNOUNCED),
        case("2^64 bytes of body, announced", post("content-length: 18446744073709551616\r\n", b"{"), JSON),
        case("10 MB of body", sized(&"x".repeat(10_000_000)), BODY),
        case("10 MB of body, unannounced", chunked(ten_mb.as_bytes()), BODY),
        case("a chunk of 2^63 bytes, announced", chunked(b"7fffffffffffffff\r\nx"), ANNOUNCED),
        case(
            "a chunk size of 1 MB",
            chunked(format!("{}1\r\n{{\r\n0\r\n\r\n", "0".repeat(1_000_000)).as_bytes()),
            JSON,
        ),
        case("1 MB of chunk extension", chunked(format!("1;{mb}\r\n{{\r\n0\r\n\r\n").as_bytes()), JSON),
        case("1 MB of trailers", chunked(format!("1\r\n{{\r\n0\r\nx: {mb}\r\n\r\n").as_bytes()), JSON),
        case("60,000 arrays in one another", sized(&"[".repeat(60_000)), JSON),
        case("12,000 objects in one another", sized(&"{\"a\":".repeat(12_000)), JSON),
        case("a price of 60,000 digits", sized(&json!({"title": "a", "price": "9".repeat(60_000)}).to_string()), JSON),
        case("a price of 10^999999", sized("{\"title\":\"a\",\"price\":1e999999}"), JSON),
        case("a title of 201 characters", sized(&json!({"title": "x".repeat(201), "price": 20}).to_string()), JSON),
        case(
            "a token of 12 KB",
            get("/api/orders", &format!("connection: close\r\ncookie: session={}\r\n", &mb[..12_000])),
            &[401],
        ),
        case("a form of 10 MB", form(&format!("email={}", "x".repeat(10_000_000))), FORM),
        case("a form of 12,000 fields", form(&"a=b&".repeat(12_000)), FORM),
        case("a gzip bomb", post(&compressed, bomb), &[400, 415]),
    ]
}

/// 50 KB that decompress to 50 MB.
fn bomb() -> std::io::Result<Vec<u8>> {
    let mut compressing = GzEncoder::new(Vec::new(), Compression::best());
    compressing.write_all(&vec![b' '; 50_000_000])?;
    compressing.finish()
}
