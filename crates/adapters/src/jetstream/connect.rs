use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::ContextBuilder;
use async_nats::{ConnectOptions, Event, ServerAddr};
use percent_encoding::percent_decode_str;
use ports::bus::BusError;
use tokio::sync::watch;

use super::error::unavailable;

/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the server's reply may take before the outcome counts as unknown.
const REPLY_TIMEOUT: Duration = Duration::from_secs(5);
/// How often the server is pinged. The connection counts as lost when three pings have had no
/// reply; until then whatever is sent on it may be lost without notice.
const PING_EVERY: Duration = Duration::from_secs(3);
/// The longest pause between two attempts to connect again.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);
/// How many published messages may be unacknowledged. Far above what all callers together send
/// before they await: a caller that waits for room here takes up some of it.
const IN_FLIGHT: usize = 1 << 20;

/// A connection that is made again whenever it is lost.
pub(super) struct Connection {
    pub(super) context: Context,
    /// Changes whenever the connection has been made again.
    pub(super) renewed: watch::Receiver<u64>,
}

/// Connects for the first time, which may fail.
pub(super) async fn connect(url: &str) -> Result<Connection, BusError> {
    let (renew, renewed) = watch::channel(0);
    let was_lost = AtomicBool::new(false);
    let server: ServerAddr = url.parse().map_err(|error| unavailable(format!("NATS has no such address: {error}")))?;
    let connecting = options(&server)
        .connection_timeout(CONNECT_TIMEOUT)
        .ping_interval(PING_EVERY)
        .request_timeout(Some(REPLY_TIMEOUT))
        .max_reconnects(None)
        .reconnect_delay_callback(|attempt| {
            let doubled = Duration::from_millis(20 << attempt.min(6));
            doubled.min(RECONNECT_PAUSE)
        })
        .event_callback(move |event| {
            tracing::info!(%event, "connection to NATS");
            match event {
                Event::Disconnected => was_lost.store(true, Ordering::Relaxed),
                Event::Connected if was_lost.swap(false, Ordering::Relaxed) => renew.send_modify(|count| *count += 1),
                _ => {}
            }
            std::future::ready(())
        })
        .connect(server);
    let client = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connected) => connected.map_err(|error| unavailable(format!("cannot connect to NATS: {error}")))?,
        Err(_) => return Err(unavailable(format!("cannot connect to NATS within {CONNECT_TIMEOUT:?}"))),
    };
    let context = ContextBuilder::new()
        .timeout(REPLY_TIMEOUT)
        .ack_timeout(REPLY_TIMEOUT)
        .max_ack_inflight(IN_FLIGHT)
        .build(client);
    Ok(Connection { context, renewed })
}

/// The library leaves the address's user and password to us. Each user receives replies under a
/// prefix of its own, so that none needs permission to read another's.
fn options(server: &ServerAddr) -> ConnectOptions {
    let Some(user) = server.username() else { return ConnectOptions::new() };
    let [user, password] = [user, server.password().unwrap_or_default()].map(decoded);
    let inbox = format!("_INBOX.{user}");
    ConnectOptions::with_user_and_password(user, password).custom_inbox_prefix(inbox)
}

/// Characters that are not allowed in an address are percent-encoded there.
fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
