use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use client::{Client, Error, Order, OrderId, OrderStatus, Price, TicketForm, TicketId};

/// How long it may take until orders knows a ticket. The service itself waits for 2 s.
const PATIENCE: Duration = Duration::from_secs(60);

/// The scenario of one ticket, which is five or six good events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    /// Paid.
    Paid,
    /// Reserved and left to expire.
    Expired,
    /// Reserved and cancelled.
    Cancelled,
}

/// Good events for each ticket, at least.
pub(super) const EVENTS_PER_TICKET: usize = 5;

/// An order, and its expected outcome.
#[derive(Debug, Clone, Copy)]
pub(super) struct TradedTicket {
    pub(super) order: OrderId,
    pub(super) end: OrderStatus,
}

/// A seller and a buyer.
pub(super) struct Traders {
    pub(super) seller: Client,
    pub(super) buyer: Client,
}

impl Traders {
    pub(super) async fn sign_up(visitor: &Client) -> Result<Self> {
        let (seller, buyer) = (visitor.anonymous(), visitor.anonymous());
        seller.sign_up("seller@example.com", "correct horse battery").await?;
        buyer.sign_up("buyer@example.com", "correct horse battery").await?;
        Ok(Self { seller, buyer })
    }

    /// The same users at the address that the system has after a restart.
    pub(super) fn at(&self, visitor: &Client) -> Result<Self> {
        let again = |client: &Client| client.token().map(|token| visitor.with_session(&token));
        let both = again(&self.seller).zip(again(&self.buyer));
        both.map(|(seller, buyer)| Self { seller, buyer }).context("they are signed in")
    }

    /// Lists the `number`th ticket and orders it.
    pub(super) async fn trade(&self, number: usize) -> Result<TradedTicket> {
        let price = Price::from_minor_units(19_99)?;
        let ticket = self.seller.create_ticket(&TicketForm::new(format!("Ticket {number}"), price)).await?;
        let order = order(&self.buyer, ticket.id).await?.id;
        let end = match story(number) {
            Story::Paid => {
                self.pay(order).await?;
                OrderStatus::Complete
            }
            Story::Cancelled => {
                self.buyer.cancel_order(order).await?;
                OrderStatus::Cancelled
            }
            Story::Expired => OrderStatus::Cancelled,
        };
        Ok(TradedTicket { order, end })
    }

    async fn pay(&self, order: OrderId) -> Result<()> {
        patiently(async || self.buyer.pay(order, "tok_visa").await).await?;
        Ok(())
    }
}

fn story(number: usize) -> Story {
    match number % 10 {
        0 => Story::Paid,
        1 => Story::Expired,
        _ => Story::Cancelled,
    }
}

/// Orders a ticket that was listed just now.
pub(super) async fn order(buyer: &Client, ticket: TicketId) -> Result<Order> {
    Ok(patiently(async || buyer.create_order(ticket).await).await?)
}

/// Retries while the next service does not know yet what was created a moment ago.
async fn patiently<T>(ask: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match ask().await {
            Err(error) if error.status().is_some_and(|status| status == 404) && Instant::now() < deadline => {}
            done => return done,
        }
    }
}
