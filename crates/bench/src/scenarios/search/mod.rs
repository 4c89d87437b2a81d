//! Searches among many tickets, alone and by many at once, and what everybody else notices of them.

mod catalogue;
mod visitors;

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use serde_json::Value;

use super::stage::Stage;
use crate::load::{Connection, Job, Tally, closed_loop, get};
use crate::report::{Figure, Unit};
use crate::system::ServiceName;
use catalogue::Sought;
use visitors::Visits;

/// Who searches at once, each without a pause.
const SEARCHERS: usize = 64;
/// The statuses of a search that is refused.
const REFUSED: [u16; 2] = [429, 503];
/// How long the first search of a kind may be refused, and how soon it is tried again.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
/// For the visitors to connect, and to be answered, while all search.
const MARGIN: Duration = Duration::from_millis(500);

/// Fills an empty marketplace, searches it alone, and then with many searchers beside other visitors.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    stage.begin_again().await?;
    let (engine, tickets) = (stage.system.engine, stage.scale.searched);
    // What is ordered meanwhile is not on sale any more.
    let listed = tickets + 2 * Visits::orders(stage);
    stage.list_all((0..listed).map(catalogue::ticket), SEARCHERS).await?;
    stage.calm_down().await;
    check(stage).await?;
    let mut figures = one_alone(stage).await?;
    let alone = Visits::prepare(stage).await?.come().await?;
    stage.calm_down().await;
    let visits = Visits::prepare(stage).await?;
    let (searches, beside) = tokio::try_join!(search_together(stage), visits.come())?;
    figures.extend(of_all(&searches));
    figures.extend(beside.figures(&alone, &format!("{SEARCHERS} searchers")));
    Ok(figures.into_iter().map(|figure| figure.on(engine)).collect())
}

/// Checks that every kind of search finds what it should.
async fn check(stage: &Stage) -> Result<()> {
    let mut shop = Connection::open(stage.system.address(ServiceName::Tickets)).await?;
    for sought in Sought::ALL {
        for path in sought.paths(stage.scale.searched).iter().take(5) {
            let found = found(&mut shop, path).await?;
            ensure!(found == sought.shown(), "{path} finds {found} tickets");
        }
    }
    for path in catalogue::by_price().iter().step_by(40) {
        let found = found(&mut shop, path).await?;
        ensure!(found == Sought::Everything.shown(), "{path} finds {found} tickets");
    }
    Ok(())
}

/// How many tickets a search finds. On a busy machine the first ones take longer than a search may.
async fn found(shop: &mut Connection, path: &str) -> Result<usize> {
    let began = Instant::now();
    loop {
        let answer = shop.exchange(&get(path, None)).await?;
        if answer.status == 200 {
            let found: Vec<Value> = serde_json::from_slice(answer.body).context("what was found")?;
            return Ok(found.len());
        }
        let is_patient = REFUSED.contains(&answer.status) && began.elapsed() < PATIENCE;
        ensure!(is_patient, "{path} was answered by {answer}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// One search after the other, all kinds in turn; and once more each kind apart, and all without typos. And pages by price.
async fn one_alone(stage: &Stage) -> Result<Vec<Figure>> {
    let meter = stage.meter()?;
    let tickets = stage.scale.searched;
    let all = one_after_the_other(stage, requests(&Sought::ALL, tickets), stage.scale.time).await?;
    let cpu = meter.shares(all.count())?;
    let (mut kinds, time) = (Vec::new(), stage.scale.time / u32::try_from(Sought::ALL.len())?);
    for sought in Sought::ALL {
        let percentiles = one_after_the_other(stage, requests(&[sought], tickets), time).await?.only(200).percentiles();
        kinds.push(format!("{} {:.2} and {:.2}", sought.title(), percentiles.p50, percentiles.p99));
    }
    let name = format!("search of {tickets} tickets, alone, p95");
    let found = all.only(200);
    let figure = Figure::new("search-alone", name, Unit::Milliseconds, found.percentiles().p95).latency(&found);
    let refused = all.count() - found.count();
    let figure = figure.costing(cpu).noting(format!("p50 and p99, in ms: {}; {refused} refused", kinds.join(", ")));
    let well_typed = one_after_the_other(stage, requests(&Sought::WELL_TYPED, tickets), stage.scale.time).await?;
    let mistyped = one_after_the_other(stage, requests(&[Sought::Mistyped], tickets), stage.scale.time).await?;
    let by_price = catalogue::by_price().iter().map(|path| get(path, None)).collect();
    let by_price = one_after_the_other(stage, by_price, stage.scale.time).await?;
    let slowest = |key, what: &str, searches: &Tally| {
        let found = searches.only(200);
        let name = format!("search of {tickets} tickets {what}, alone, p99");
        Figure::new(key, name, Unit::Milliseconds, found.percentiles().p99).latency(&found)
    };
    Ok(vec![
        figure,
        slowest("search-well-typed", "without typos", &well_typed),
        slowest("search-mistyped", "with a typo", &mistyped),
        slowest("search-by-price", "by price, from a lowest one in a currency", &by_price),
    ])
}

async fn one_after_the_other(stage: &Stage, requests: Vec<Bytes>, time: Duration) -> Result<Tally> {
    let job = Job::repeat(stage.system.address(ServiceName::Tickets), 1, requests, time);
    searched(closed_loop(job).await?.0)
}

/// Many search without a pause, all kinds in turn, as long as visitors come.
async fn search_together(stage: &Stage) -> Result<Tally> {
    let requests = requests(&Sought::ALL, stage.scale.searched);
    let address = stage.system.address(ServiceName::Tickets);
    let job = Job::repeat(address, SEARCHERS, requests, stage.scale.arrivals + MARGIN);
    searched(closed_loop(job).await?.0)
}

/// Searches that were answered or refused, and nothing else.
fn searched(tally: Tally) -> Result<Tally> {
    let refused = REFUSED.map(|status| tally.with_status(status)).iter().sum::<u64>();
    let answered = tally.with_status(200);
    ensure!(answered > 0 && answered + refused == tally.count(), "searches were answered by {:?}", tally.statuses());
    Ok(tally)
}

fn of_all(searches: &Tally) -> [Figure; 3] {
    let (answered, count) = (searches.only(200), searches.count());
    let rate = Figure::rate("searches", format!("searches answered, {SEARCHERS} searchers"), &answered);
    let slowest = Figure::new(
        "search-among-many",
        format!("search among {SEARCHERS} searchers, p99 of those answered"),
        Unit::Milliseconds,
        answered.percentiles().p99,
    );
    let share = 100.0 * (count - answered.count()) as f64 / count as f64;
    let refused =
        Figure::new("searches-refused", format!("searches refused, {SEARCHERS} searchers"), Unit::Percent, share);
    let [too_many, busy] = REFUSED.map(|status| searches.with_status(status));
    [rate, slowest, refused.noting(format!("of {count}: {too_many} by 429, {busy} by 503"))]
}

/// The requests of these kinds, one kind after the other, all as often.
fn requests(kinds: &[Sought], tickets: usize) -> Vec<Bytes> {
    let paths: Vec<Vec<String>> = kinds.iter().map(|sought| sought.paths(tickets)).collect();
    let most = paths.iter().map(Vec::len).max().unwrap_or_default();
    let rounds = (0..most).flat_map(|round| paths.iter().map(move |paths| &paths[round % paths.len()]));
    rounds.map(|path| get(path, None)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_are_searched_for_in_turn() {
        let requests = requests(&Sought::ALL, 1000);
        assert_eq!(requests.len(), 500 * Sought::ALL.len());
        let of = |words: &str| requests.iter().filter(|one| String::from_utf8_lossy(one).contains(words)).count();
        assert_eq!((of("q=row&"), of("q=zzzz&"), of("q=hamilton&")), (500, 250, 100));
    }

    #[test]
    fn refusals_are_a_share_of_all_and_no_part_of_the_rate() {
        let mut searches = Tally::new();
        (0..30).for_each(|_| searches.note(200, Duration::from_millis(10)));
        (0..6).for_each(|_| searches.note(429, Duration::from_millis(1)));
        (0..4).for_each(|_| searches.note(503, Duration::from_secs(2)));
        searches.elapsed = Duration::from_secs(3);
        let mut searches = searched(searches).expect("answers and refusals");
        let [rate, slowest, refused] = of_all(&searches);
        assert_eq!((rate.value, refused.value), (10.0, 25.0));
        assert!(slowest.value < 10.1, "{}", slowest.value);
        assert_eq!(refused.note.as_deref(), Some("of 40: 6 by 429, 4 by 503"));
        searches.note(500, Duration::from_millis(1));
        searched(searches).expect_err("that is no refusal");
        searched(Tally::new()).expect_err("nobody was answered");
    }
}
