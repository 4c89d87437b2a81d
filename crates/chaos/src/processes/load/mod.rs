//! People who sell, buy, pay, hesitate and race, and record what was acknowledged.

mod box_office;
mod call;
mod gift;
mod journal;
mod person;
mod promises;

pub(super) use box_office::BoxOffice;
pub(super) use call::{Reply, ask};
pub(super) use gift::Gift;
pub(super) use journal::{Bought, Change, ChangeMade, Journal, Listed, Placed, Promise};

pub(super) use promises::Promises;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use client::{BaseUrls, Client};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use person::Person;

/// Everybody's password. Guessing it is not tested here.
pub(super) const PASSWORD: &str = "correct horse battery";

/// The pause before a retry.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// How long one step of a sale may take before the next begins: what is lost in an outage is not waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The marketplace as its visitors see it. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Market {
    journal: Arc<Mutex<Journal>>,
    closing: CancellationToken,
}

impl Market {
    /// Everything acknowledged so far.
    pub(super) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts trading with these people, each with a seed of their own, at the box office, and with promises.
    pub(super) fn open(&self, people: Vec<Client>, office: BoxOffice, promises: Promises, seed: u64) -> JoinSet<()> {
        let persons = (seed..).zip(people).map(|(seed, client)| Person::new(self.clone(), client, seed).trade());
        let mut trading: JoinSet<()> = persons.collect();
        trading.spawn(office.trade());
        trading.spawn(promises.trade());
        trading
    }

    /// Everybody finishes their present action and stops.
    pub(super) async fn close(&self, mut trading: JoinSet<()>) -> Result<()> {
        self.closing.cancel();
        while let Some(ended) = trading.join_next().await {
            ended?;
        }
        Ok(())
    }
}

/// Asks until there is an answer.
async fn until<T, F: Future<Output = Option<T>>>(answer: impl Fn() -> F) -> Option<T> {
    let began = Instant::now();
    loop {
        if let Some(answer) = answer().await {
            return Some(answer);
        }
        if began.elapsed() > PATIENCE {
            return None;
        }
        tokio::time::sleep(AGAIN_AFTER).await;
    }
}

/// New users.
pub(super) async fn sign_up(urls: BaseUrls, count: usize) -> Result<Vec<Client>> {
    let visitor = Client::with_base_urls(urls)?;
    let mut people = Vec::new();
    for number in 0..count {
        let person = visitor.anonymous();
        person.sign_up(&format!("person{number}@example.com"), PASSWORD).await?;
        people.push(person);
    }
    Ok(people)
}
