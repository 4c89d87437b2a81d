//! People who trade during crashes, what was acknowledged to them, and whether it holds.

mod actor;
mod books;
mod check;
mod journal;
mod snapshot;

pub(crate) use actor::Trade;
pub(crate) use books::Books;

use std::time::{Duration, Instant};

use actor::Actor;
use client::{BaseUrls, Client};
use futures::future::{join, join_all};
use snapshot::Snapshot;

/// How long the system may take to become idle once the crashes stop.
const REST_WITHIN: Duration = Duration::from_secs(60);
/// How long all crashes together may take, and the responses that are due after them.
const TRADE_WITHIN: Duration = Duration::from_secs(120);

/// New users.
pub(crate) async fn sign_up(urls: BaseUrls, count: usize) -> Vec<Client> {
    let visitor = Client::with_base_urls(urls).expect("a client");
    let mut people = Vec::new();
    for number in 0..count {
        let person = visitor.anonymous();
        person.sign_up(&format!("person{number}@example.com"), "correct horse battery").await.expect("signs up");
        people.push(person);
    }
    people
}

/// Lets everybody trade, with `seed`, until `mishaps` are over.
pub(crate) async fn trade_through(trade: &Trade, people: &[Client], seed: u64, mishaps: impl Future<Output = ()>) {
    let actors = (seed..).zip(people).map(|(seed, person)| Actor::new(trade, person.clone(), seed).run());
    let everything = join(join_all(actors), async {
        mishaps.await;
        trade.close();
    });
    tokio::time::timeout(TRADE_WITHIN, everything).await.expect("a request never gets a response");
}

/// Waits until the system is idle and fails if its state contradicts what was acknowledged. `read_books`
/// reads the services' stored data.
pub(crate) async fn reconcile(trade: &Trade, people: &[Client], mut read_books: impl AsyncFnMut() -> Books) {
    let began = Instant::now();
    loop {
        let violations = violations(trade, people, &mut read_books).await;
        if violations.is_empty() {
            break;
        }
        let shown = &violations[..violations.len().min(20)];
        let count = violations.len();
        assert!(began.elapsed() < REST_WITHIN, "{count} things are wrong still, such as\n{}", shown.join("\n"));
        println!("{:?}: {count} things are not idle, such as: {}", began.elapsed(), shown[0]);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let journal = trade.journal();
    println!("at rest after {:?}: {}", began.elapsed(), journal.summary());
    assert_eq!(journal.surprises, Vec::<String>::new());
    assert!(journal.covers_everything(), "the load was too small to prove anything: {}", journal.summary());
}

async fn violations(trade: &Trade, people: &[Client], read_books: &mut impl AsyncFnMut() -> Books) -> Vec<String> {
    let snapshot = match Snapshot::take(people).await {
        Ok(snapshot) => snapshot,
        Err(error) => return vec![format!("the marketplace does not answer: {error}")],
    };
    let violations = check::of_promises(&trade.journal(), &snapshot);
    if !violations.is_empty() {
        return violations;
    }
    read_books().await.violations(&snapshot)
}
