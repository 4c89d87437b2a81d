use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use client::{Price, TicketForm};
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use reqwest::header::RETRY_AFTER;
use testkit::shows::{ARTISTS, VENUES};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::hostile::attack::{Outcome, Scale};
use crate::hostile::canary::Canary;
use crate::hostile::honest::percentile;
use crate::hostile::site::Site;

/// How many people list the tickets.
const SELLERS: usize = 20;
/// How many tickets are being listed at any time.
const AT_ONCE: usize = 64;

/// What is searched for: nothing, everything, much, little, and what only looking at every ticket can tell.
const SEARCHES: [&str; 12] = [
    "q=zzzz",
    "q=a",
    "q=b+c+d+e+f+g",
    "q=wembley",
    "q=wembley+olympia",
    "q=hamilton+royal&sort=price",
    "q=n17",
    "q=carmen+n4&sort=date",
    "q=%E3%83%89%E3%83%BC%E3%83%A0",
    "minPrice=9999&sort=date",
    "currency=pln",
    "q=seat&currency=pln",
];

/// Searches of many kinds at once, for much and for nothing, in as many tickets as one account can list.
pub(in crate::hostile) async fn attack(site: &Site, scale: &Scale) -> Result<Outcome> {
    list_many(site, scale.tickets).await?;
    let alone = Canary::watch(site, scale.searching).await?;
    let one = Searchers::begin(site, 1);
    tokio::time::sleep(scale.searching).await;
    let one = one.end().await?;
    let many = Searchers::begin(site, scale.searchers);
    let beside = Canary::watch(site, scale.searching).await?;
    let many = many.end().await?;
    let honest = beside.compared_to(&alone, scale.slack);
    let mut findings = honest.findings;
    findings.extend([&one, &many].into_iter().flat_map(|answers| answers.unexpected.clone()));
    Ok(Outcome {
        tried: format!("{} searchers in {} tickets", scale.searchers, scale.tickets),
        did: format!("one searcher: {one}; {}: {many}; {}", scale.searchers, honest.times),
        findings,
    })
}

async fn list_many(site: &Site, count: usize) -> Result<()> {
    let sellers = stream::iter(0..SELLERS.min(count)).then(|_| site.user("lister")).try_collect::<Vec<_>>().await?;
    let listing = stream::iter(0..count).map(|number| {
        let seller = &sellers[number % sellers.len()];
        async move {
            let (artist, venue) = (ARTISTS[number % ARTISTS.len()], VENUES[number / 7 % VENUES.len()]);
            let price = Price::from_minor_units(i64::try_from(1000 + number * 37 % 90_000)?).context("a price")?;
            let form = TicketForm {
                event: Some(artist.to_owned()),
                venue: Some(venue.to_owned()),
                ..TicketForm::new(format!("{artist} at {venue}, seat n{number}"), price)
            };
            seller.create_ticket(&form).await.context("lists a ticket; are the limits off?")?;
            anyhow::Ok(())
        }
    });
    listing.buffer_unordered(AT_ONCE).try_collect().await
}

/// Clients that search without a pause.
struct Searchers {
    stop: CancellationToken,
    searching: JoinSet<Result<Answers>>,
}

/// The responses.
#[derive(Default)]
struct Answers {
    found: Vec<Duration>,
    refused: usize,
    unexpected: Vec<String>,
    slowest: BTreeMap<&'static str, Duration>,
}

impl Searchers {
    fn begin(site: &Site, count: usize) -> Self {
        let (stop, mut searching) = (CancellationToken::new(), JoinSet::new());
        let turn = Arc::new(AtomicUsize::new(0));
        for _ in 0..count {
            let (turn, stop) = (turn.clone(), stop.clone());
            let request = site.request(Method::GET, "/api/tickets");
            searching.spawn(async move {
                let mut answers = Answers::default();
                while !stop.is_cancelled() {
                    let search = SEARCHES[turn.fetch_add(1, Ordering::Relaxed) % SEARCHES.len()];
                    let request = request.try_clone().context("a request without a body")?;
                    answers.ask(request, search).await?;
                }
                Ok(answers)
            });
        }
        Self { stop, searching }
    }

    async fn end(mut self) -> Result<Answers> {
        self.stop.cancel();
        let mut all = Answers::default();
        while let Some(answers) = self.searching.join_next().await {
            all.add(answers??);
        }
        Ok(all)
    }
}

impl Answers {
    async fn ask(&mut self, request: reqwest::RequestBuilder, search: &'static str) -> Result<()> {
        let (client, request) = request.build_split();
        let mut request = request?;
        request.url_mut().set_query(Some(search));
        let began = Instant::now();
        let answer = client.execute(request).await?;
        let (status, may_retry) = (answer.status().as_u16(), answer.headers().contains_key(RETRY_AFTER));
        answer.bytes().await?;
        let took = began.elapsed();
        match status {
            200 => {
                self.found.push(took);
                let slowest = self.slowest.entry(search).or_default();
                *slowest = took.max(*slowest);
            }
            429 | 503 if may_retry => self.refused += 1,
            other => self.unexpected.push(format!("?{search}: {other}")),
        }
        Ok(())
    }

    fn add(&mut self, other: Self) {
        self.found.extend(other.found);
        self.refused += other.refused;
        self.unexpected.extend(other.unexpected);
        for (search, took) in other.slowest {
            let slowest = self.slowest.entry(search).or_default();
            *slowest = took.max(*slowest);
        }
    }
}

impl std::fmt::Display for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = |percent| percentile(&self.found, percent).as_secs_f64() * 1000.0;
        let slowest = self.slowest.iter().max_by_key(|(_, took)| **took).map_or("none", |(search, _)| search);
        let (found, refused) = (self.found.len(), self.refused);
        write!(
            f,
            "{found} answers in {:.0} ms (p50), {:.0} ms (p99), {refused} refused, slowest {slowest}",
            at(50),
            at(99)
        )
    }
}
