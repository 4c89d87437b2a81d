use std::fmt;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::framing::{Framing, joined, parse};

/// A keep-alive connection with one request at a time.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Whether the server has said that it closes the connection.
    is_closing: bool,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: &'a [u8],
    /// The body.
    pub(crate) body: &'a [u8],
}

/// A short description for error messages.
impl fmt::Display for Response<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, String::from_utf8_lossy(self.body))
    }
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// If the connection is refused.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = connect(address).await?;
        Ok(Self { address, stream, buffer: Vec::with_capacity(16 * 1024), is_closing: false })
    }

    /// Sends a request, head and body, and waits for the response. Connects anew where the server has said that
    /// it closes the connection.
    ///
    /// # Errors
    /// If the connection breaks, or the response cannot be parsed.
    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Response<'_>> {
        if self.is_closing {
            self.stream = connect(self.address).await?;
        }
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let head = loop {
            self.receive().await?;
            if let Some(head) = parse(&self.buffer)? {
                break head;
            }
        };
        self.is_closing = head.closes;
        self.receive_body(head.length, &head.body).await?;
        let (head_received, body) = self.buffer.split_at(head.length);
        Ok(Response { status: head.status, head: head_received, body })
    }

    /// Receives the rest of the body, which follows the head in the buffer.
    async fn receive_body(&mut self, head: usize, body: &Framing) -> Result<()> {
        match body {
            Framing::Length(length) => {
                while self.buffer.len() < head + length {
                    self.receive().await?;
                }
                self.buffer.truncate(head + length);
            }
            Framing::Chunked => {
                let joined = loop {
                    if let Some(body) = joined(&self.buffer[head..])? {
                        break body;
                    }
                    self.receive().await?;
                };
                self.buffer.truncate(head);
                self.buffer.extend_from_slice(&joined);
            }
        }
        Ok(())
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
        self.receive().await?;
        Ok(&self.buffer)
    }

    async fn receive(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(())
    }
}

async fn connect(address: SocketAddr) -> Result<TcpStream> {
    let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
