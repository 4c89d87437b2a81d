use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use client::{Client, OrderId, OrderStatus, TicketFilter};
use reqwest::{Method, RequestBuilder};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::honest::{HonestTimes, percentile};
use super::people::People;
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
    trading: JoinHandle<Seen>,
}

/// The experience of honest users.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) times: HonestTimes,
    purchases: usize,
    failures: Vec<String>,
}

/// Honest users with an attack and without one.
pub(super) struct Comparison {
    /// How long the steps of a purchase took.
    pub(super) times: String,
    /// What honest users must not experience.
    pub(super) findings: Vec<String>,
}

struct Trader {
    people: People,
    visitor: Client,
    /// What needs no database.
    ping: RequestBuilder,
    pair: Pair,
    purchases: usize,
    signed_in: Option<Instant>,
}

/// A seller and a buyer.
struct Pair {
    seller: Client,
    buyer: Client,
    email: String,
    purchases: usize,
}

impl Canary {
    /// Starts trading, and returns when the first purchase is complete.
    pub(super) async fn begin(site: &Site) -> Result<Self> {
        let mut trader = Trader::new(site).await?;
        trader.buy(&mut HonestTimes::default()).await?;
        let (stop, pause) = (CancellationToken::new(), site.pause);
        let stopped = stop.clone();
        let trading = tokio::spawn(async move {
            let mut seen = Seen::default();
            loop {
                match trader.buy(&mut seen.times).await {
                    Ok(()) => seen.purchases += 1,
                    Err(error) => seen.failures.push(format!("{error:#}")),
                }
                if stopped.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
                    return seen;
                }
            }
        });
        Ok(Self { stop, trading })
    }

    /// The results so far, including the purchase in progress: at least one.
    pub(super) async fn end(self) -> Result<Seen> {
        self.stop.cancel();
        Ok(self.trading.await?)
    }

    /// What honest users experience for so long.
    pub(super) async fn watch(site: &Site, span: Duration) -> Result<Seen> {
        let canary = Self::begin(site).await?;
        tokio::time::sleep(span).await;
        canary.end().await
    }
}

impl Trader {
    async fn new(site: &Site) -> Result<Self> {
        let (people, purchases) = (site.people.clone(), site.purchases);
        let (pair, ping) = (Pair::meet(&people).await?, site.request(Method::GET, "/healthz"));
        Ok(Self { people, visitor: site.visitor(), ping, pair, purchases, signed_in: None })
    }

    /// One ticket from its listing until it is paid for, with a visit of the catalogue and now and then a
    /// new session.
    async fn buy(&mut self, times: &mut HonestTimes) -> Result<()> {
        if self.pair.purchases >= self.purchases {
            self.pair = Pair::meet(&self.people).await?;
        }
        self.pair.purchases += 1;
        let Pair { seller, buyer, email, .. } = &self.pair;
        times.timed("healthz", self.ping.try_clone().context("a request without a body")?.send()).await?;
        times.timed("catalogue", self.visitor.tickets(&TicketFilter::default())).await?;
        if self.signed_in.is_none_or(|last| last.elapsed() >= BETWEEN_SIGN_INS) {
            self.signed_in = Some(Instant::now());
            times.timed("sign in", self.visitor.anonymous().sign_in(email, PASSWORD)).await?;
        }
        let ticket = times.timed("list", list(seller, "Row B, seat 1")).await?;
        let order = times.timed("order", buyer.create_order(ticket.id)).await?;
        times.timed("pay", buyer.pay(order.id, "tok_visa")).await?;
        times.timed("orders", buyer.order(order.id)).await?;
        until_complete(buyer, order.id).await?;
        let shown = times.timed("show", self.visitor.ticket(ticket.id)).await?;
        ensure!(shown.order_id.is_none_or(|holder| holder == order.id), "the ticket went to another buyer");
        Ok(())
    }
}

impl Pair {
    async fn meet(people: &People) -> Result<Self> {
        let (seller, buyer) = (people.user("honest").await?, people.user("honest").await?);
        let email = buyer.current_user().await?.context("has just signed up")?.email.to_string();
        Ok(Self { seller, buyer, email, purchases: 0 })
    }
}

async fn until_complete(buyer: &Client, order: OrderId) -> Result<()> {
    let began = Instant::now();
    while buyer.order(order).await?.status != OrderStatus::Complete {
        ensure!(began.elapsed() < UNBEARABLE, "an order that was paid for is not complete after {UNBEARABLE:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
    Ok(())
}

impl Seen {
    /// What honest users must not experience.
    pub(super) fn findings(&self) -> Vec<String> {
        let mut findings: Vec<String> =
            self.failures.iter().take(5).map(|failure| format!("an honest user failed: {failure}")).collect();
        if self.purchases == 0 {
            findings.push("no honest user bought anything".into());
        }
        if let Some(longest) = self.times.all().into_iter().max().filter(|longest| *longest > UNBEARABLE) {
            findings.push(format!("an honest user waited {longest:?}"));
        }
        findings
    }

    /// What has become worse, as opposed to when nobody attacked.
    pub(super) fn compared_to(&self, alone: &Self, slack: Duration) -> Comparison {
        let mut findings = self.findings();
        findings.extend(alone.findings());
        findings.extend(self.times.slower_than(&alone.times, slack));
        let (before, now) = (&alone.times, &self.times);
        let times = format!("the steps of a purchase (ms, median/p95) alone: {before}; beside: {now}");
        Comparison { times, findings }
    }
}

impl std::fmt::Display for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let answers = self.times.all();
        let at = |percent| percentile(&answers, percent).as_secs_f64() * 1000.0;
        let (purchases, failures) = (self.purchases, self.failures.len());
        let (median, p95, p99) = (at(50), at(95), at(99));
        write!(
            f,
            "{purchases} purchases, {failures} failed; answers in {median:.0} ms (p50), {p95:.0} ms (p95), {p99:.0} ms (p99)"
        )
    }
}
