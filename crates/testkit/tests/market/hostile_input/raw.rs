//! HTTP as raw bytes, for requests that client libraries refuse to send.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::refusal::assert_error_format;

/// A response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

/// The response to a request after which the connection is closed.
pub(crate) async fn send(address: SocketAddr, request: &[u8]) -> Response {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream.write_all(request).await.expect("sends");
    read(&mut stream).await
}

/// Everything received until the connection is closed.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Response {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut answer));
    read.await.expect("an answer in time").expect("an answer");
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head") + 4;
    let head = String::from_utf8(answer[..end].to_vec()).expect("a head is text");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Response { status, head: head.to_lowercase(), body: answer[end..].to_vec() }
}

/// A request without a body, with `path` sent literally.
pub(crate) fn request(method: &str, path: &str, cookie: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n").into_bytes()
}

/// A request with a JSON body.
pub(crate) fn json_request(method: &str, path: &str, cookie: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    (head + &body).into_bytes()
}

impl Response {
    /// Fails unless it has this status and is in the error format.
    pub(crate) fn assert_refused(&self, status: u16, what: &str) {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{what}: {text}");
        assert!(self.head.contains("\r\ncontent-type: application/json\r\n"), "{what}: {}", self.head);
        let body = serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{what}: {error} in {text}"));
        assert_error_format(&body, what);
    }
}
