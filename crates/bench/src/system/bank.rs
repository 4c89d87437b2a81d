//! The simulated bank.

mod process;

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

pub(crate) use process::serve_bank;
pub(super) use process::{open, server, used_by};

use super::applied::{connect, read};
use super::{ServiceName, System};

/// The polling interval; each poll costs a request.
const POLL: Duration = Duration::from_millis(250);
/// The simulated Stripe looks for undelivered webhooks once a second.
const SILENCE: Duration = Duration::from_secs(3);
/// Generous: it delivers some hundred webhooks a second.
const PATIENCE: Duration = Duration::from_secs(600);

/// Returns when the simulated Stripe has delivered all its webhooks to payments. It continues long after the
/// last purchase, and must not affect the next measurement.
///
/// # Errors
/// If payments does not respond, or the webhooks do not end.
pub(crate) async fn until_webhooks_stop(system: &System) -> Result<()> {
    let mut payments = connect(&[system.operator_address(ServiceName::Payments)]).await?;
    let began = Instant::now();
    let (mut taken, mut changed) = (0, began);
    while changed.elapsed() < SILENCE {
        let now = webhooks(&read(&mut payments).await?);
        if now != taken {
            (taken, changed) = (now, Instant::now());
        }
        ensure!(began.elapsed() < PATIENCE, "the simulated bank still sends webhooks");
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// The number of webhooks received.
fn webhooks(metrics: &str) -> u64 {
    let of_webhooks = metrics.lines().filter(|line| {
        line.starts_with("http_request_seconds_count{") && line.contains(r#"route="/api/webhooks/stripe""#)
    });
    of_webhooks.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webhooks_are_counted_and_nothing_else() {
        let metrics = r#"# TYPE http_request_seconds histogram
http_request_seconds_count{method="POST",route="/api/webhooks/stripe",status="200"} 3
http_request_seconds_count{method="POST",route="/api/webhooks/stripe",status="503"} 1
http_request_seconds_bucket{method="POST",route="/api/webhooks/stripe",status="200",le="1"} 3
http_request_seconds_count{method="POST",route="/api/payments",status="201"} 5
"#;
        assert_eq!(webhooks(metrics), 4);
    }
}
