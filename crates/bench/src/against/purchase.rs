use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use serde_json::json;
use tokio::task::JoinSet;

use super::contract::{self, CREATE_ORDER, PAY, SHOW_ORDER, id};
use super::site::Site;
use super::visitor::Visitor;
use super::{CONNECTIONS, PATIENCE, PAUSE};
use crate::load::{Connection, Tally, on_own_thread};

/// A purchase to be made.
pub(super) struct Purchase {
    pub(super) order: Bytes,
    pub(super) buyer: Visitor,
}

type Purchases = Arc<Mutex<VecDeque<Purchase>>>;

/// Makes them all. The time of each is that from its order until the order is shown as complete.
///
/// # Errors
/// If an answer is not the contract's.
pub(super) async fn buy_all(site: Site, purchases: VecDeque<Purchase>) -> Result<Tally> {
    on_own_thread(move || run(site, purchases)).await
}

async fn run(site: Site, purchases: VecDeque<Purchase>) -> Result<Tally> {
    let mut tills = Vec::new();
    for _ in 0..CONNECTIONS.min(purchases.len()) {
        tills.push(Till {
            orders: Connection::open(site.orders).await?,
            payments: Connection::open(site.payments).await?,
        });
    }
    let (purchases, began, mut buyers) = (Arc::new(Mutex::new(purchases)), Instant::now(), JoinSet::new());
    for till in tills {
        buyers.spawn(till.serve(purchases.clone(), began));
    }
    let mut tally = Tally::new();
    while let Some(part) = buyers.join_next().await {
        tally.add(&part.context("a buyer")??);
    }
    Ok(tally)
}

/// The connections of one purchase at a time.
struct Till {
    orders: Connection,
    payments: Connection,
}

impl Till {
    async fn serve(mut self, purchases: Purchases, began: Instant) -> Result<Tally> {
        let mut tally = Tally::new();
        while let Some(purchase) = next(&purchases) {
            let started = Instant::now();
            self.buy(&purchase).await?;
            tally.note(PAY.status, started.elapsed());
            tally.elapsed = began.elapsed();
        }
        Ok(tally)
    }

    async fn buy(&mut self, Purchase { order, buyer }: &Purchase) -> Result<()> {
        let order = id(&contract::check(&CREATE_ORDER, &self.orders.exchange(order).await?)?)?;
        self.pay(&buyer.post(PAY.path, &json!({"token": "tok_visa", "orderId": order}))).await?;
        self.until_complete(&buyer.get(&format!("{}{order}", SHOW_ORDER.path))).await
    }

    /// Pays, and tries again where payments has not heard of the order yet.
    async fn pay(&mut self, payment: &Bytes) -> Result<()> {
        let began = Instant::now();
        loop {
            let answer = self.payments.exchange(payment).await?;
            if !matches!(answer.status, 404 | 503) || began.elapsed() > PATIENCE {
                return contract::check(&PAY, &answer).map(drop);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn until_complete(&mut self, look: &Bytes) -> Result<()> {
        let began = Instant::now();
        loop {
            let order = contract::check(&SHOW_ORDER, &self.orders.exchange(look).await?)?;
            if order["status"] == "complete" {
                return Ok(());
            }
            let patient = began.elapsed() < PATIENCE;
            ensure!(
                patient,
                "a paid order: expected the status complete within {PATIENCE:?}; came {}",
                order["status"]
            );
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn next(purchases: &Purchases) -> Option<Purchase> {
    purchases.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}
