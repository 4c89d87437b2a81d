use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use client::Client;
use common::events::Envelope;
use common::time::Timestamp;
use serde_json::json;

use super::system::System;

const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(10);

/// Revocations are read by watchers, which have no dead letters: an unreadable one must not keep them from
/// the readable ones.
pub(super) async fn still_end(system: &System, signed_in: &Client) -> Result<()> {
    let unreadable = Envelope {
        id: "poison-session".into(),
        source: "sessions".into(),
        kind: "sessions.revoked".into(),
        subject: "nobody".into(),
        time: Timestamp::from_millis(0),
        traceparent: None,
        replay_for: None,
        data: json!({"sessionId": "nobody's"}).into(),
    };
    for published in system.bus.publish(&[unreadable]).await {
        published?;
    }
    let stolen = system.visitor.with_session(&signed_in.token().context("they are signed in")?);
    stolen.orders().await?;
    signed_in.sign_out().await?;
    let deadline = Instant::now() + PATIENCE;
    while stolen.orders().await.is_ok() {
        ensure!(Instant::now() < deadline, "an ended session is still good after an unreadable revocation");
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}
