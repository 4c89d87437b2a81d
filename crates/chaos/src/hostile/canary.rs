use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use client::{Client, OrderId, OrderStatus, TicketFilter};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::site::{PASSWORD, Site, list};

/// An account may be signed in to 60 times at once, and then once in 15 seconds.
const BETWEEN_SIGN_INS: Duration = Duration::from_secs(5);
/// The polling interval for an order.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// The longest acceptable response time.
const UNBEARABLE: Duration = Duration::from_secs(20);

/// Honest users who keep trading during an attack.
pub(super) struct Canary {
    stop: CancellationToken,
    seen: Arc<Mutex<Seen>>,
    trading: JoinHandle<()>,
}

/// The experience of honest users.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    answers: Vec<Duration>,
    purchases: usize,
    failures: Vec<String>,
}

struct Trader {
    visitor: Client,
    seller: Client,
    buyer: Client,
    email: String,
    signed_in: Mutex<Option<Instant>>,
    seen: Arc<Mutex<Seen>>,
}

impl Canary {
    /// Starts trading, and returns when the first purchase is complete.
    pub(super) async fn begin(site: &Site) -> Result<Self> {
        let (seller, buyer, seen) = (site.user("honest").await?, site.user("honest").await?, Arc::default());
        let email = buyer.current_user().await?.map(|user| user.email.to_string()).unwrap_or_default();
        let trader = Trader { visitor: site.visitor(), seller, buyer, email, signed_in: Mutex::default(), seen };
        trader.buy().await?;
        let (stop, seen) = (CancellationToken::new(), trader.seen.clone());
        *trader.seen() = Seen::default();
        let (stopped, pause) = (stop.clone(), site.pause);
        let trading = tokio::spawn(async move {
            while !stopped.is_cancelled() {
                if let Err(error) = trader.buy().await {
                    trader.seen().failures.push(format!("{error:#}"));
                }
                tokio::time::sleep(pause).await;
            }
        });
        Ok(Self { stop, seen, trading })
    }

    /// The results so far, including the purchase in progress: at least one.
    pub(super) async fn end(self) -> Result<Seen> {
        while self.seen.lock().unwrap_or_else(PoisonError::into_inner).is_empty() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        self.stop.cancel();
        self.trading.await?;
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(seen)
    }
}

impl Trader {
    /// One ticket from its listing until it is paid for, with a visit of the catalogue and now and then a
    /// new session.
    async fn buy(&self) -> Result<()> {
        self.timed(self.visitor.tickets(&TicketFilter::default())).await?;
        if self.wants_to_sign_in() {
            self.timed(self.visitor.anonymous().sign_in(&self.email, PASSWORD)).await?;
        }
        let ticket = self.timed(list(&self.seller, "Row B, seat 1")).await?;
        let order = self.timed(self.buyer.create_order(ticket.id)).await?;
        self.timed(self.buyer.pay(order.id, "tok_visa")).await?;
        self.until_complete(order.id).await?;
        let shown = self.timed(self.visitor.ticket(ticket.id)).await?;
        ensure!(shown.order_id.is_none_or(|holder| holder == order.id), "the ticket went to another buyer");
        self.seen().purchases += 1;
        Ok(())
    }

    fn wants_to_sign_in(&self) -> bool {
        let mut last = self.signed_in.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| last.elapsed() >= BETWEEN_SIGN_INS);
        if is_time {
            *last = Some(Instant::now());
        }
        is_time
    }

    async fn until_complete(&self, order: OrderId) -> Result<()> {
        let began = Instant::now();
        while self.buyer.order(order).await?.status != OrderStatus::Complete {
            ensure!(began.elapsed() < UNBEARABLE, "an order that was paid for is not complete after {UNBEARABLE:?}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }

    async fn timed<T, E>(&self, call: impl Future<Output = std::result::Result<T, E>>) -> std::result::Result<T, E> {
        let began = Instant::now();
        let answer = call.await;
        self.seen().answers.push(began.elapsed());
        answer
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    fn is_empty(&self) -> bool {
        self.purchases == 0 && self.failures.is_empty()
    }

    /// What honest users must not experience.
    pub(super) fn findings(&self) -> Vec<String> {
        let mut findings: Vec<String> =
            self.failures.iter().take(5).map(|failure| format!("an honest user failed: {failure}")).collect();
        if self.purchases == 0 {
            findings.push("no honest user bought anything".into());
        }
        if let Some(longest) = self.answers.iter().max().filter(|longest| **longest > UNBEARABLE) {
            findings.push(format!("an honest user waited {longest:?}"));
        }
        findings
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut answers = self.answers.clone();
        answers.sort_unstable();
        let at = |share: usize| {
            let index = (answers.len() * share / 100).min(answers.len().saturating_sub(1));
            answers.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        let (purchases, failures) = (self.purchases, self.failures.len());
        let (median, p95, p99) = (at(50), at(95), at(99));
        write!(
            f,
            "{purchases} purchases, {failures} failed; answers in {median:.0} ms (p50), {p95:.0} ms (p95), {p99:.0} ms (p99)"
        )
    }
}
