//! The people: they list, edit, reserve, race, pay, cancel, sign out, and ask again when they get no
//! clear answer.

mod actions;
mod asking;
mod market;
mod session;

pub(super) use market::Market;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::Result;
use tokio::time::Instant;

use super::chance::Chance;
use super::system::System;

/// One of them.
pub(super) struct Person {
    pub(super) number: usize,
    pub(super) chance: Chance,
    pub(super) system: Arc<System>,
    pub(super) market: Arc<Market>,
    /// Counts everybody's requests.
    pub(super) requests: Arc<AtomicU64>,
    /// Longest pause between two actions, in milliseconds.
    thought: u64,
}

impl Person {
    /// Everybody, with their accounts. One after the other, so that no two passwords are hashed at
    /// once: that is done by threads whose order nobody can foresee.
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

    /// Does things until then.
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
