//! The people: they list, give us their tickets, edit, withdraw, reserve, race, pay, cancel, sign out, and retry when the outcome of
//! a request is unknown.

mod actions;
mod asking;
mod buying;
mod call;
mod giving;
mod market;
mod selling;
mod session;

pub(super) use market::Market;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::Result;
use tokio::time::Instant;

use super::chance::Chance;
use super::system::System;

/// One person.
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) chance: Chance,
    pub(super) system: Arc<System>,
    pub(super) market: Arc<Market>,
    /// Numbers the requests of all people.
    pub(super) requests: Arc<AtomicU64>,
    /// The longest pause between two actions, in milliseconds.
    thought: u64,
}

impl Person {
    /// All people, with their accounts, created one after the other.
    pub(super) async fn sign_up_all(
        system: &Arc<System>,
        market: &Arc<Market>,
        chance: &Chance,
    ) -> Result<Vec<Arc<Self>>> {
        let requests = Arc::new(AtomicU64::new(0));
        let mut people = Vec::new();
        for number in 0..system.around.plan.people {
            let person = Arc::new(Self {
                number,
                chance: chance.fork(),
                system: system.clone(),
                market: market.clone(),
                requests: requests.clone(),
                thought: system.around.plan.thought,
            });
            person.sign_up().await?;
            people.push(person);
        }
        Ok(people)
    }

    /// Acts until that time.
    pub(super) async fn live(self: Arc<Self>, until: Instant) {
        loop {
            tokio::time::sleep(self.chance.millis(10..=self.thought)).await;
            if Instant::now() >= until {
                return;
            }
            self.act().await;
        }
    }
}
