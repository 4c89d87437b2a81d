use std::fmt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use client::{Client, Error};
use rand::random;
use testkit::passes::pass;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::list_sealed;
use crate::hostile::honest::percentile;
use crate::hostile::site::Site;

/// The pause between two uploads, and before one that was put off.
const PAUSE: Duration = Duration::from_millis(250);
/// How long an upload may be put off. All that comes before it is looked at for 40 s at most, two at a time.
const UNBEARABLE: Duration = Duration::from_secs(60);

/// Somebody who sells tickets all the time.
pub(super) struct Seller {
    stop: CancellationToken,
    selling: JoinHandle<Seen>,
}

/// What they have seen.
#[derive(Default)]
pub(super) struct Seen {
    took: Vec<Duration>,
    put_off: usize,
    failures: Vec<String>,
}

impl Seller {
    /// Begins to sell, and returns when the first ticket is given.
    pub(super) async fn begin(site: &Site) -> Result<Self> {
        let (stop, seller) = (CancellationToken::new(), site.user("honest").await?);
        give(&seller, &mut Seen::default()).await.context("before anybody attacks")?;
        let stopped = stop.clone();
        let selling = tokio::spawn(async move {
            let mut seen = Seen::default();
            loop {
                if let Err(error) = give(&seller, &mut seen).await {
                    seen.failures.push(format!("{error:#}"));
                }
                if stopped.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
                    return seen;
                }
            }
        });
        Ok(Self { stop, selling })
    }

    /// Ends with the upload in progress.
    pub(super) async fn end(self) -> Result<Seen> {
        self.stop.cancel();
        Ok(self.selling.await?)
    }
}

/// One ticket, from its listing until it is given; whoever is told to try again does.
async fn give(seller: &Client, seen: &mut Seen) -> Result<()> {
    let (ticket, began) = (list_sealed(seller, "Row B, seat 2").await?, Instant::now());
    let file = pass(&format!("HONEST/{:016x}", random::<u64>()));
    loop {
        match seller.seal_file(ticket.id, file.clone()).await {
            Ok(sealing) => {
                ensure!(sealing.checked, "a good code was not read");
                seen.took.push(began.elapsed());
                return Ok(());
            }
            Err(Error::Api { status, retry_after: Some(_), .. }) if status == 503 => seen.put_off += 1,
            Err(error) => return Err(error.into()),
        }
        ensure!(began.elapsed() < UNBEARABLE, "a ticket was not taken within {UNBEARABLE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

impl Seen {
    /// What honest sellers must not experience.
    pub(super) fn findings(&self) -> Vec<String> {
        let failures = self.failures.iter().take(5).map(|failure| format!("an honest seller: {failure}"));
        failures.chain(self.took.is_empty().then(|| "no honest seller gave anything".into())).collect()
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |percent| percentile(&self.took, percent).as_secs_f64() * 1000.0;
        let (count, put_off) = (self.took.len(), self.put_off);
        write!(f, "honest sellers gave {count} tickets in {:.0} ms (p50), {:.0} ms (p95)", at(50), at(95))?;
        write!(f, ", {put_off} times put off")
    }
}
