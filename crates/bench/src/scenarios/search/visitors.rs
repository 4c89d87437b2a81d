use std::net::SocketAddr;

use anyhow::{Context, Result};
use bytes::Bytes;

use crate::load::{Tally, get, open_loop};
use crate::report::{Figure, Unit};
use crate::scenarios::stage::Stage;
use crate::system::ServiceName;

/// The rates of pages and of single tickets, and that of orders.
const LOOKS: u32 = 100;
const ORDERS: u32 = 50;
/// Connections for each of them: enough for a stall of a seventh of a second.
const CONNECTIONS: usize = 16;
/// Tickets looked at in turn.
const LOOKED_AT: usize = 500;

/// What honest people are about to do, at fixed rates.
pub(super) struct Visits {
    shop: SocketAddr,
    checkout: SocketAddr,
    pages: Vec<Bytes>,
    tickets: Vec<Bytes>,
    orders: Vec<Bytes>,
}

impl Visits {
    /// How many tickets they order.
    pub(super) fn orders(stage: &Stage) -> usize {
        stage.scale.arrivals.as_secs() as usize * ORDERS as usize
    }

    /// The visits of a while.
    ///
    /// # Errors
    /// If there are not enough tickets, and more cannot be listed.
    pub(super) async fn prepare(stage: &mut Stage) -> Result<Self> {
        let looks = stage.scale.arrivals.as_secs() as usize * LOOKS as usize;
        let ordered = stage.tickets(Self::orders(stage)).await?;
        let looked_at = stage.tickets(LOOKED_AT).await?;
        let tickets = looked_at.iter().cycle().take(looks).map(|ticket| get(&format!("/api/tickets/{ticket}"), None));
        let visits = Self {
            shop: stage.system.address(ServiceName::Tickets),
            checkout: stage.system.address(ServiceName::Orders),
            pages: vec![get("/api/tickets?limit=20", None); looks],
            tickets: tickets.collect(),
            orders: stage.orders(&ordered),
        };
        stage.put_back(looked_at);
        Ok(visits)
    }

    /// They come.
    ///
    /// # Errors
    /// If one of them is refused.
    pub(super) async fn come(self) -> Result<Visitors> {
        let (pages, tickets, orders) = tokio::try_join!(
            open_loop(self.shop, CONNECTIONS, LOOKS, self.pages),
            open_loop(self.shop, CONNECTIONS, LOOKS, self.tickets),
            open_loop(self.checkout, CONNECTIONS, ORDERS, self.orders),
        )?;
        pages.all(200).context("the list page")?;
        tickets.all(200).context("one ticket")?;
        orders.all(201).context("an order")?;
        Ok(Visitors { pages, tickets, orders })
    }
}

/// How they were served.
pub(super) struct Visitors {
    pages: Tally,
    tickets: Tally,
    orders: Tally,
}

impl Visitors {
    /// How much longer they wait than they did `alone`.
    pub(super) fn figures(&self, alone: &Self, beside: &str) -> Vec<Figure> {
        let figure = |key: &str, name: &str, now: &Tally, then: &Tally| {
            let (slowed, usual) = (now.percentiles().p99, then.percentiles());
            let name = format!("{name} beside {beside}, p99 as a multiple of that alone");
            let figure = Figure::new(key, name, Unit::Times, slowed / usual.p99).latency(now);
            figure.noting(format!("alone: p50 {:.2} ms, p95 {:.2} ms, p99 {:.2} ms", usual.p50, usual.p95, usual.p99))
        };
        vec![
            figure("page-beside-search", &format!("list page, {LOOKS}/s,"), &self.pages, &alone.pages),
            figure("ticket-beside-search", &format!("one ticket, {LOOKS}/s,"), &self.tickets, &alone.tickets),
            figure("order-beside-search", &format!("an order, {ORDERS}/s,"), &self.orders, &alone.orders),
        ]
    }
}
