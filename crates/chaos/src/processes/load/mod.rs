//! People who sell, buy, pay, hesitate and race, and record what was acknowledged.

mod box_office;
mod call;
mod gift;
mod journal;
mod person;

pub(super) use box_office::BoxOffice;
pub(super) use call::{Reply, ask};
pub(super) use gift::Gift;
pub(super) use journal::{Bought, Change, ChangeMade, Journal, Listed, Placed, Promise};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use client::{BaseUrls, Client};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use person::Person;

/// Everybody's password. Guessing it is not tested here.
pub(super) const PASSWORD: &str = "correct horse battery";

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

    /// Starts trading with these people, each with a seed of their own, and at the box office.
    pub(super) fn open(&self, people: Vec<Client>, office: BoxOffice, seed: u64) -> JoinSet<()> {
        let persons = (seed..).zip(people).map(|(seed, client)| Person::new(self.clone(), client, seed).trade());
        let mut trading: JoinSet<()> = persons.collect();
        trading.spawn(office.trade());
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
