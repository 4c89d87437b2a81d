use std::fmt;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// More headers than any response has.
const MAX_HEADERS: usize = 32;

/// A keep-alive connection with one request at a time.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: &'a [u8],
}

/// A short description for error messages.
impl fmt::Display for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(self.body))
    }
}

/// What the head of a response says about the length of the body.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    head: usize,
    body: usize,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// If the connection is refused.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(16 * 1024) })
    }

    /// Sends a request, head and body, and waits for the response.
    ///
    /// # Errors
    /// If the connection breaks, or the response cannot be parsed.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Response<'_>> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
            if let Some(head) = parse(&self.buffer)? {
                break head;
            }
        };
        let end = head.head + head.body;
        while self.buffer.len() < end {
            ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        }
        Ok(Response { status: head.status, body: &self.buffer[head.head..end] })
    }

    /// Sends a request whose response does not end.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<()> {
        Ok(self.stream.write_all(request).await?)
    }

    /// Waits for more of a response that does not end, and returns the received bytes.
    ///
    /// # Errors
    /// If the connection breaks.
    pub(crate) async fn more(&mut self) -> Result<&[u8]> {
        self.buffer.clear();
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(&self.buffer)
    }
}

/// The response's head, once all of it has been received.
fn parse(bytes: &[u8]) -> Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(head) = response.parse(bytes)? else { return Ok(None) };
    let status = response.code.context("an answer without a status")?;
    let length = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let body = match length {
        Some(length) => std::str::from_utf8(length.value)?.parse()?,
        None if status == 204 => 0,
        None => bail!("an answer ({status}) that does not say its length"),
    };
    Ok(Some(Head { status, head, body }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_as_long_as_its_head_says() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";
        let head = answer.len() - 2;
        assert_eq!(parse(answer).expect("an answer"), Some(Head { status: 201, head, body: 2 }));
        assert_eq!(parse(&answer[..head - 1]).expect("a part of one"), None);
        let empty = b"HTTP/1.1 204 No Content\r\n\r\n";
        assert_eq!(parse(empty).expect("an answer"), Some(Head { status: 204, head: empty.len(), body: 0 }));
        parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").expect_err("an unknown length");
    }
}
