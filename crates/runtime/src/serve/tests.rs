use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use super::*;

/// How long an expected event may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// A server that answers `/`, and never stops sending at `/endless`. It stops when this is dropped.
struct Server {
    address: SocketAddr,
    /// A permit for each endless response that has ended.
    ended: Arc<Semaphore>,
    _stop: tokio_util::sync::DropGuard,
}

struct AddsPermitOnDrop(Arc<Semaphore>);

impl Drop for AddsPermitOnDrop {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

async fn server(limits: ConnectionLimits) -> Server {
    let (stop, ended) = (CancellationToken::new(), Arc::new(Semaphore::new(0)));
    let end = ended.clone();
    let endless = move || {
        let guard = AddsPermitOnDrop(end.clone());
        let chunk = Bytes::from_static(&[0; 64 * 1024]);
        let chunks = stream::repeat_with(move || {
            let _ = &guard;
            Ok::<_, std::io::Error>(chunk.clone())
        });
        async { Body::from_stream(chunks) }
    };
    let routes = Router::new().route("/", get(|| async { "hello" })).route("/endless", get(endless));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, routes, limits, stop.clone()));
    Server { address, ended, _stop: stop.drop_guard() }
}

impl Server {
    async fn connect_and_send(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connects");
        stream.write_all(bytes).await.expect("sends");
        stream
    }
}

/// Everything that is received until the server closes the connection.
async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await;
    // It may close before it has read everything, which a client sees as a reset.
    let _ = end.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

/// The answer to one more request on this connection.
async fn ask(stream: &mut TcpStream) -> Option<String> {
    stream.write_all(REQUEST).await.ok()?;
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await.expect("an answer in time").ok()?;
    (read > 0).then(|| String::from_utf8_lossy(&answer[..read]).into_owned())
}

#[tokio::test]
async fn a_connection_without_a_complete_head_in_time_is_closed() {
    let limits = ConnectionLimits { header_timeout: Duration::from_millis(200), ..ConnectionLimits::default() };
    let server = server(limits).await;
    // Nothing at all; what could become HTTP/2; half a head.
    for start in [&b""[..], b"PRI", b"GET / HTTP/1.1\r\nhost: a\r\n"] {
        let mut stream = server.connect_and_send(start).await;
        assert_eq!(read_to_end(&mut stream).await, "", "after {start:?}");
    }
    let mut kept = server.connect_and_send(REQUEST).await;
    assert!(read_to_end(&mut kept).await.ends_with("hello"), "answered, and closed when nothing followed");
}

#[tokio::test]
async fn http_2_is_not_spoken() {
    let server = server(ConnectionLimits::default()).await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00";
    let mut stream = server.connect_and_send(preface).await;
    assert!(!read_to_end(&mut stream).await.starts_with('\0'), "there was a SETTINGS frame");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let server = server(ConnectionLimits::default()).await;
    let with = |length| format!("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx: {}\r\n\r\n", "x".repeat(length));
    let mut stream = server.connect_and_send(with(15 * 1024).as_bytes()).await;
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 200"));
    let mut stream = server.connect_and_send(with(17 * 1024).as_bytes()).await;
    assert!(read_to_end(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn a_new_connection_gets_the_slot_of_the_one_that_has_been_idle_longest() {
    let server = server(ConnectionLimits { connections: 2, ..ConnectionLimits::default() }).await;
    let mut first = TcpStream::connect(server.address).await.expect("connects");
    assert!(ask(&mut first).await.is_some());
    let mut second = TcpStream::connect(server.address).await.expect("connects");
    assert!(ask(&mut second).await.is_some());
    assert!(ask(&mut first).await.is_some_and(|answer| answer.ends_with("hello")));
    let mut third = TcpStream::connect(server.address).await.expect("connects");
    assert_eq!(read_to_end(&mut second).await, "");
    assert!(ask(&mut third).await.is_some());
    assert!(ask(&mut first).await.is_some(), "it was not idle");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_whose_client_reads_nothing_is_closed() {
    let limits = ConnectionLimits { stalled_timeout: Duration::from_secs(1), ..ConnectionLimits::default() };
    let server = server(limits).await;
    let _silent = server.connect_and_send(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let ended = tokio::time::timeout(PATIENCE, server.ended.acquire()).await;
    assert!(ended.is_ok(), "the response is still being sent");
}
