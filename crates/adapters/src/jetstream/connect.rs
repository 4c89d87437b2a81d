use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::ContextBuilder;
use async_nats::{ConnectOptions, Event};
use common::bus::BusError;
use tokio::sync::watch;

use super::error::unavailable;

/// How long the first connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an answer of the server may take before it counts as unknown.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest pause between two attempts to connect again.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);
/// How many published messages may be without their acknowledgement. Far above what all callers
/// together send before they await: who waits for room here holds some of it.
const IN_FLIGHT: usize = 1 << 20;

/// A connection that is made again and again whenever it is lost.
pub(super) struct Connection {
    pub(super) context: Context,
    /// Changes whenever the connection has been made again.
    pub(super) renewed: watch::Receiver<u64>,
}

/// Connects for the first time, which may fail.
pub(super) async fn connect(url: &str) -> Result<Connection, BusError> {
    let (renew, renewed) = watch::channel(0);
    let was_lost = AtomicBool::new(false);
    let connecting = ConnectOptions::new()
        .connection_timeout(CONNECT_TIMEOUT)
        .request_timeout(Some(ANSWER_TIMEOUT))
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
        .connect(url);
    let client = match tokio::time::timeout(CONNECT_TIMEOUT, connecting).await {
        Ok(connected) => connected.map_err(|error| unavailable(format!("cannot connect to NATS: {error}")))?,
        Err(_) => return Err(unavailable(format!("cannot connect to NATS within {CONNECT_TIMEOUT:?}"))),
    };
    let context = ContextBuilder::new()
        .timeout(ANSWER_TIMEOUT)
        .ack_timeout(ANSWER_TIMEOUT)
        .max_ack_inflight(IN_FLIGHT)
        .build(client);
    Ok(Connection { context, renewed })
}
