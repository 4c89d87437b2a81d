//! A TCP proxy with which a test cuts the connection between two processes.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// What happens to bytes that pass through the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkState {
    /// They are forwarded.
    Open,
    /// Connections are closed, and new ones as soon as they are accepted.
    Dropped,
    /// They are delayed by this much.
    Delayed(Duration),
    /// They are held back until this ends, and then arrive: packets are lost for a while.
    Stalled,
    /// They are accepted and never arrive, and neither side notices. Present connections stay that way
    /// forever: their other end has forgotten them.
    HalfOpen,
}

/// A proxy in front of one server. Its connections end when it is dropped.
pub struct FaultProxy {
    address: SocketAddr,
    line: watch::Sender<LinkState>,
    _closing: DropGuard,
}

impl FaultProxy {
    /// A proxy on a port of its own that passes everything to `target`.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn to(target: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, line, closing) =
            (listener.local_addr()?, watch::Sender::new(LinkState::Open), CancellationToken::new());
        let accepting = accept(listener, target, line.clone(), closing.clone());
        tokio::spawn(closing.clone().run_until_cancelled_owned(accepting));
        Ok(Self { address, line, _closing: closing.drop_guard() })
    }

    /// Its address, to be used in place of the server's.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets the state of the link from now on.
    pub fn set(&self, line: LinkState) {
        self.line.send_replace(line);
    }
}

async fn accept(listener: TcpListener, target: SocketAddr, line: watch::Sender<LinkState>, closing: CancellationToken) {
    loop {
        // Only a client that is gone again can fail here.
        let Ok((client, _)) = listener.accept().await else { continue };
        let carrying = carry(client, target, line.subscribe());
        tokio::spawn(closing.clone().run_until_cancelled_owned(carrying));
    }
}

async fn carry(mut client: TcpStream, target: SocketAddr, line: watch::Receiver<LinkState>) {
    let state = *line.borrow();
    match state {
        LinkState::Dropped => return,
        LinkState::HalfOpen => return swallow(&mut client).await,
        LinkState::Open | LinkState::Delayed(_) | LinkState::Stalled => {}
    }
    let Ok(mut server) = TcpStream::connect(target).await else { return };
    // Small messages must not be delayed by Nagle's algorithm.
    let _ = (client.set_nodelay(true), server.set_nodelay(true));
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let is_half_open = tokio::select! {
        () = pump(&mut from_client, &mut to_server, line.clone()) => false,
        () = pump(&mut from_server, &mut to_client, line.clone()) => false,
        is_half_open = broken(line) => is_half_open,
    };
    if is_half_open {
        tokio::join!(swallow(&mut client), swallow(&mut server));
    }
}

/// Returns when the link breaks, and whether neither side notices.
async fn broken(mut line: watch::Receiver<LinkState>) -> bool {
    match line.wait_for(|line| matches!(line, LinkState::Dropped | LinkState::HalfOpen)).await {
        Ok(line) => *line == LinkState::HalfOpen,
        Err(_) => false,
    }
}

/// Forwards bytes until one side is gone.
async fn pump(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut line: watch::Receiver<LinkState>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let state = *line.borrow_and_update();
        if let LinkState::Delayed(span) = state {
            tokio::time::sleep(span).await;
        }
        if line.wait_for(|line| *line != LinkState::Stalled).await.is_err()
            || to.write_all(&buffer[..count]).await.is_err()
        {
            return;
        }
    }
}

/// Reads and discards everything until the sender is gone.
async fn swallow(from: &mut TcpStream) {
    let _ = tokio::io::copy(from, &mut tokio::io::sink()).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long enough for bytes to arrive if they do at all.
    const A_WHILE: Duration = Duration::from_millis(200);

    /// A server that echoes what it receives, and the proxy in front of it.
    async fn echo() -> FaultProxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        FaultProxy::to(address).await.expect("a proxy")
    }

    async fn connect(proxy: &FaultProxy) -> TcpStream {
        TcpStream::connect(proxy.address()).await.expect("connects")
    }

    async fn answer(stream: &mut TcpStream) -> io::Result<u8> {
        stream.write_all(b"x").await?;
        stream.read_u8().await
    }

    #[tokio::test]
    async fn a_dropped_line_breaks_connections_and_lets_new_ones_through_when_it_is_open_again() {
        let proxy = echo().await;
        let mut stream = connect(&proxy).await;
        assert_eq!(answer(&mut stream).await.expect("passes"), b'x');
        proxy.set(LinkState::Dropped);
        stream.read_u8().await.expect_err("broken off");
        answer(&mut connect(&proxy).await).await.expect_err("broken off");
        proxy.set(LinkState::Open);
        assert_eq!(answer(&mut connect(&proxy).await).await.expect("passes"), b'x');
    }

    #[tokio::test]
    async fn stalled_bytes_arrive_later() {
        let proxy = echo().await;
        let mut stream = connect(&proxy).await;
        proxy.set(LinkState::Stalled);
        tokio::time::timeout(A_WHILE, answer(&mut stream)).await.expect_err("nothing arrives");
        proxy.set(LinkState::Open);
        assert_eq!(stream.read_u8().await.expect("arrives"), b'x');
    }

    #[tokio::test]
    async fn a_half_open_connection_stays_so_and_a_new_one_is_well() {
        let proxy = echo().await;
        let mut old = connect(&proxy).await;
        assert_eq!(answer(&mut old).await.expect("passes"), b'x');
        proxy.set(LinkState::HalfOpen);
        let mut born_deaf = connect(&proxy).await;
        tokio::time::timeout(A_WHILE, answer(&mut born_deaf)).await.expect_err("nothing arrives");
        proxy.set(LinkState::Open);
        for stream in [&mut old, &mut born_deaf] {
            tokio::time::timeout(A_WHILE, answer(stream)).await.expect_err("nothing arrives");
        }
        assert_eq!(answer(&mut connect(&proxy).await).await.expect("passes"), b'x');
    }

    #[tokio::test]
    async fn delayed_bytes_take_longer() {
        let proxy = echo().await;
        let mut stream = connect(&proxy).await;
        proxy.set(LinkState::Delayed(A_WHILE));
        let began = tokio::time::Instant::now();
        answer(&mut stream).await.expect("arrives");
        assert!(began.elapsed() >= A_WHILE);
    }
}
