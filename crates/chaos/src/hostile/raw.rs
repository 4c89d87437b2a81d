//! HTTP as raw bytes, for requests that client libraries refuse to send.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// Longer than any timeout of the server.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// What was received on a connection, and when it was closed.
#[derive(Debug)]
pub(super) struct ConnectionClose {
    /// The statuses of the responses.
    pub(super) statuses: Vec<u16>,
    /// The time until it was closed; `None` if it was not.
    pub(super) after: Option<Duration>,
}

/// A connection from this local address, with a small receive buffer.
pub(super) async fn connect_from(from: Ipv4Addr, to: SocketAddr, buffer: Option<u32>) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    if let Some(size) = buffer {
        socket.set_recv_buffer_size(size)?;
    }
    socket.bind((from, 0).into())?;
    socket.connect(to).await
}

/// Sends the bytes, as far as the server reads them, and waits until the connection is closed.
pub(super) async fn send(to: SocketAddr, bytes: &[u8]) -> io::Result<ConnectionClose> {
    let mut stream = TcpStream::connect(to).await?;
    let (mut reading, mut writing) = stream.split();
    // The server may respond and close the connection before it has read everything.
    let (ending, _) = tokio::join!(until_the_end(&mut reading), writing.write_all(bytes));
    Ok(ending)
}

/// Reads until the server closes the connection.
pub(super) async fn until_the_end(stream: &mut (impl AsyncRead + Unpin)) -> ConnectionClose {
    let (began, mut answers) = (Instant::now(), Vec::new());
    // A reset closes it, too.
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answers)).await;
    ConnectionClose { statuses: statuses(&answers), after: ended.is_ok().then(|| began.elapsed()) }
}

/// The statuses of all responses in it.
fn statuses(answers: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answers);
    text.split("HTTP/1.1 ").skip(1).filter_map(|rest| rest.get(..3)?.parse().ok()).collect()
}

/// A request with a JSON body.
pub(super) fn json_request(method: &str, path: &str, cookie: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: a\r\ncookie: {cookie}\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    (head + &body).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_on_a_connection_is_seen() {
        let answers = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 400 Bad Request\r\n\r\n";
        assert_eq!(statuses(answers), [200, 400]);
        assert_eq!(statuses(b""), [0_u16; 0]);
    }
}
