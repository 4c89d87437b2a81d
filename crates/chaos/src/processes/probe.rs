//! Whether the system is well: one purchase, from the listing to the sold ticket.

use std::time::{Duration, Instant};

use client::{Client, OrderStatus, Price, TicketForm};

use super::load::{Answer, ask};

/// A system that does not recover by itself within this time needs a person.
const RECOVERS_WITHIN: Duration = Duration::from_secs(60);
/// Before something is tried again.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A seller and a buyer who do nothing but test.
pub(super) struct Probe {
    pub(super) seller: Client,
    pub(super) buyer: Client,
}

impl Probe {
    /// How long it takes until a whole purchase has succeeded. `None` if it does not.
    pub(super) async fn recovery(&self) -> Option<Duration> {
        let began = Instant::now();
        let purchased = async {
            while !self.purchases().await {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        };
        tokio::time::timeout(RECOVERS_WITHIN, purchased).await.ok()?;
        Some(began.elapsed())
    }

    /// One purchase; whether it succeeds.
    async fn purchases(&self) -> bool {
        let form = TicketForm::new("Probe", Price::from_minor_units(1000).expect("more than nothing"));
        let Answer::Done(ticket) = ask(self.seller.create_ticket(&form)).await else { return false };
        let Answer::Done(order) = ask(self.buyer.create_order(ticket.id)).await else { return false };
        while !matches!(ask(self.buyer.pay(order.id, "tok_visa")).await, Answer::Done(_)) {
            match ask(self.buyer.order(order.id)).await {
                // It was paid, although nobody said so.
                Answer::Done(order) if order.status == OrderStatus::Complete => break,
                Answer::Done(order) if order.status == OrderStatus::Cancelled => return false,
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
        loop {
            let (order, ticket) = tokio::join!(ask(self.buyer.order(order.id)), ask(self.buyer.ticket(ticket.id)));
            match (order, ticket) {
                (Answer::Done(order), Answer::Done(ticket)) if order.status == OrderStatus::Complete && ticket.sold => {
                    return true;
                }
                (Answer::Done(order), _) if order.status == OrderStatus::Cancelled => return false,
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
    }
}
