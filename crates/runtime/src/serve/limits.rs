use std::time::Duration;

use tokio::net::TcpStream;

/// How much of a process its clients may take up.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// How many connections there may be. One more takes the slot of the one that has been idle
    /// longest.
    pub connections: usize,
    /// How long a request's head may take to arrive, from when the connection is accepted or the
    /// previous response is sent.
    pub header_timeout: Duration,
    /// How long a request's head may be, in bytes: as much as Node allows, and several times what
    /// browsers send. Each connection can take up this much of our memory.
    pub header_size: usize,
    /// How long a client may not read anything of what we send.
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
    /// Sets the limits that the operating system enforces by itself.
    pub(super) fn apply_to(&self, stream: &TcpStream) {
        // Small responses must not wait for the acknowledgement of previous ones.
        let _ = stream.set_nodelay(true);
        // Ends the connection of a client that has vanished, and of one that reads nothing.
        #[cfg(target_os = "linux")]
        if let Err(error) = socket2::SockRef::from(stream).set_tcp_user_timeout(Some(self.stalled_timeout)) {
            tracing::debug!(%error, "a client that reads nothing will not be noticed");
        }
    }
}
