use std::time::{Duration, Instant};

use client::{OrderStatus, TicketFilter};
use futures::future::join_all;
use runtime::http::BODY_TIMEOUT;
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::raw;
use super::site::{Site, cookie};

/// More than waits between two programs of which one does not read.
const FILE_BYTES: usize = 8 * 1024 * 1024;

async fn connect_and_send(site: &Site, bytes: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(site.world.address).await.expect("connects");
    stream.write_all(bytes).await.expect("sends");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_does_not_delay_others() {
    let site = Site::open().await;
    let body = json!({"title": "Concert", "price": 20});
    let whole = raw::json_request("POST", "/api/tickets", &cookie(&site.seller), &body);
    let head = whole.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head") + 4;
    let endless = b"POST /api/tickets HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n1\r\n{\r\n";
    let mut open = Vec::new();
    for _ in 0..50 {
        for part in [&b""[..], b"P", &whole[..head - 2], &whole[..head], &whole[..whole.len() - 1], endless] {
            open.push(connect_and_send(&site, part).await);
        }
    }
    let began = Instant::now();
    for _ in 0..20 {
        site.seller.orders().await.expect("is answered");
        site.world.visitor().tickets(&TicketFilter::default()).await.expect("is answered");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "honest requests took {:?}", began.elapsed());
    drop(open);
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_in_is_given_up_in_time() {
    let site = Site::open().await;
    let head = format!(
        "POST /api/tickets HTTP/1.1\r\nhost: a\r\ncookie: {}\r\ncontent-type: application/json\r\n\
         content-length: 1000\r\n\r\n",
        cookie(&site.seller)
    );
    let began = Instant::now();
    let (mut answer, mut hand) = connect_and_send(&site, head.as_bytes()).await.into_split();
    let trickle = tokio::spawn(async move {
        // So that only a limit for the whole body ends it.
        while hand.write_all(b"{").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
    raw::read(&mut answer).await.assert_refused(408, "half a body");
    assert!(began.elapsed() >= BODY_TIMEOUT);
    trickle.abort();
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_all_of_a_file_that_is_refused_hears_why() {
    let site = Site::open().await;
    let (own, seller) = (site.free.id, cookie(&site.seller));
    let (nobody, file) = ("5f1f77bcf86cd799439011ff", vec![b'a'; FILE_BYTES]);
    for (path, cookie, kind, status) in [
        (format!("/api/deliveries/tickets/{own}/file"), "", "application/pdf", 401),
        (format!("/api/deliveries/tickets/{nobody}/file"), &seller, "application/pdf", 404),
        ("/api/deliveries/tickets/none/file".to_owned(), &seller, "application/pdf", 404),
        (format!("/api/deliveries/tickets/{own}/file"), &seller, "multipart/form-data; boundary=a", 415),
        (format!("/api/deliveries/tickets/{own}/file"), &seller, "application/pdf", 400),
    ] {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nconnection: close\r\ncontent-type: {kind}\r\n\
             content-length: {FILE_BYTES}\r\n\r\n"
        );
        raw::send(site.world.address, &[head.as_bytes(), &file].concat()).await.assert_refused(status, &path);
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_the_rules_of_chunks_is_refused_at_once() {
    let site = Site::open().await;
    let extension = format!("1;{}\r\n{{\r\n0\r\n\r\n", "x".repeat(100_000));
    for chunks in ["zz\r\n", "5\r\n{}\r\n0\r\n\r\n", &extension] {
        let head = format!(
            "POST /api/tickets HTTP/1.1\r\nhost: a\r\ncookie: {}\r\ncontent-type: application/json\r\n\
             connection: close\r\ntransfer-encoding: chunked\r\n\r\n{chunks}",
            cookie(&site.seller)
        );
        let (mut answer, _hand) = connect_and_send(&site, head.as_bytes()).await.into_split();
        raw::read(&mut answer).await.assert_refused(400, chunks.get(..10).unwrap_or(chunks));
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_http_end_only_their_own_connection() {
    let site = Site::open().await;
    let wrong = [
        &b"\r\n\r\n"[..],
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET\x00/ HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
        b"GET / HTTP/1.1\r\nhost: a\r\nbad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nhost: a\r\na: \x00\r\n\r\n",
        b"POST /api/tickets HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        b"POST /api/tickets HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef",
        b"POST /api/tickets HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x00",
    ];
    for bytes in wrong {
        drop(connect_and_send(&site, bytes).await);
    }
    let long_line = [b"GET /", "a".repeat(1_000_000).as_bytes(), b" HTTP/1.1\r\n\r\n"].concat();
    let many_headers = [b"GET / HTTP/1.1\r\n", "a: b\r\n".repeat(10_000).as_bytes(), b"\r\n"].concat();
    for bytes in [long_line, many_headers] {
        let mut stream = TcpStream::connect(site.world.address).await.expect("connects");
        // The server may close the connection before everything is sent.
        let _ = stream.write_all(&bytes).await;
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buyer_who_hangs_up_has_a_whole_order_or_none() {
    let site = Site::open().await;
    let buyer = site.world.user("mallory").await;
    let cookie = cookie(&buyer);
    let tickets = join_all((0..50).map(|_| site.world.listed(&site.seller))).await;
    site.world.settle().await;
    for (round, ticket) in tickets.iter().enumerate() {
        let request = raw::json_request("POST", "/api/orders", &cookie, &json!({"ticketId": ticket.id}));
        // Every other request is sent completely, and abandoned a moment later.
        let sent = if round % 2 == 0 { request.len() } else { request.len() * round / tickets.len() };
        let stream = connect_and_send(&site, &request[..sent]).await;
        if round % 4 == 0 {
            tokio::time::sleep(Duration::from_micros(200) * u32::try_from(round).expect("small")).await;
        }
        stream.set_zero_linger().expect("hangs up without a goodbye");
        drop(stream);
    }
    site.world.settle().await;
    let orders = buyer.orders().await.expect("lists").items;
    for ticket in &tickets {
        let shown = site.world.visitor().ticket(ticket.id).await.expect("is there");
        let of_ticket: Vec<_> = orders.iter().filter(|order| order.ticket.id == ticket.id).collect();
        assert_eq!(shown.order_id, of_ticket.first().map(|order| order.id), "{shown:?}");
        assert!(of_ticket.len() <= 1 && of_ticket.iter().all(|order| order.status == OrderStatus::Created));
    }
    assert!(!orders.is_empty() && orders.len() <= 25, "{} orders", orders.len());
    assert_eq!(site.world.dead_letters().await, []);
    site.world.end().await;
}
