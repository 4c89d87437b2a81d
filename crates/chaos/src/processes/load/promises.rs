use std::time::Duration;

use client::{Client, DeliveryForm, DeliveryState, OrderStatus, Price, TicketForm};
use ports::clock::Clock;

use super::{Market, Reply, ask, until};

/// By when a ticket is promised: so soon that the promise ends while the experiment lasts.
const PROMISED_WITHIN: Duration = Duration::from_secs(6);
/// When what is sold begins: promises end at least a day before.
const BEGINS_IN: Duration = Duration::from_secs(3 * 24 * 60 * 60);

/// Somebody who promises tickets for later, and gives every other one, and somebody who buys them.
pub(in crate::processes) struct Promises {
    market: Market,
    seller: Client,
    buyer: Client,
    made: usize,
}

impl Promises {
    pub(in crate::processes) fn new(market: Market, seller: Client, buyer: Client) -> Self {
        Self { market, seller, buyer, made: 0 }
    }

    /// Makes one promise after the other until the market closes.
    pub(in crate::processes) async fn trade(mut self) {
        while !self.market.closing.is_cancelled() {
            // What an outage has broken off is what the books say.
            let _ = self.promise().await;
            tokio::time::sleep(super::AGAIN_AFTER).await;
        }
    }

    /// One ticket, until its buyer has it or their money. `None` if something was not answered in time.
    async fn promise(&mut self) -> Option<()> {
        self.made += 1;
        let (seller, buyer, now) = (&self.seller, &self.buyer, Clock::system().now());
        let form = TicketForm {
            starts_at: Some((now + BEGINS_IN).to_string()),
            delivery: Some(DeliveryForm::Later { until: Some((now + PROMISED_WITHIN).to_string()) }),
            ..TicketForm::new(format!("Promise {}", self.made), Price::from_minor_units(5000).ok()?)
        };
        let Reply::Done(ticket) = ask(seller.create_ticket(&form)).await else { return None };
        let Reply::Done(order) = ask(buyer.create_order(ticket.id)).await else { return None };
        let Reply::Done(_) = ask(buyer.pay(order.id, "tok_visa")).await else { return None };
        if self.made.is_multiple_of(2) {
            // It may be too late for it by now.
            let _ = ask(seller.seal_code(ticket.id, &format!("PROMISED {}", ticket.id), None)).await;
        }
        let ended = || async {
            let (order, delivery) = tokio::join!(ask(buyer.order(order.id)), ask(buyer.delivery(order.id)));
            let is_cancelled = matches!(order, Reply::Done(order) if order.status == OrderStatus::Cancelled);
            let is_released = matches!(delivery, Reply::Done(of) if of.state == DeliveryState::Released);
            (is_cancelled || is_released).then_some(())
        };
        until(ended).await
    }
}
