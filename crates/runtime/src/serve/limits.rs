use std::time::Duration;

use tokio::net::TcpStream;

/// How much of a process those who connect to it may take up.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How many may be connected. One more takes the place of whoever has asked for nothing for the
    /// longest time.
    pub connections: usize,
    /// How long a request's head may take to arrive, from when the connection is there or the answer
    /// before it is sent.
    pub header_timeout: Duration,
    /// How long a request's head may be, in bytes: as much as Node allows, and several times what
    /// browsers send. Each connection can keep so much of our memory.
    pub header_size: usize,
    /// How long a client may take no byte of what we send.
    pub stalled_timeout: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            header_timeout: Duration::from_secs(10),
            header_size: 16 * 1024,
            stalled_timeout: Duration::from_secs(30),
        }
    }
}

impl ConnectionLimits {
    /// What the operating system can watch over by itself.
    pub(super) fn apply_to(&self, stream: &TcpStream) {
        // Small answers must not wait for the acknowledgement of the ones before.
        let _ = stream.set_nodelay(true);
        // Ends the connection of who is gone without a goodbye, and of who is there and reads nothing.
        #[cfg(target_os = "linux")]
        if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(self.stalled_timeout)) {
            tracing::debug!(%error, "a client who reads nothing will not be noticed");
        }
    }
}
