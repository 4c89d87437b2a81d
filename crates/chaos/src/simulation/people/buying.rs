use serde_json::{Value, json};
use server::services::ServiceName;
use stripe_sim::Authentication;

use super::Person;
use super::call::Call;
use super::market::KnownOrder;
use crate::simulation::history::HistoryEvent;
use crate::simulation::party::Actor;

/// The cards that people use, good ones more often. The bank of some asks its customer (3-D Secure).
const CARDS: [&str; 9] = [
    "tok_visa",
    "tok_visa",
    "tok_visa",
    "tok_mastercard",
    "tok_chargeDeclined",
    "tok_nonsense",
    "tok_threeDSecure2Required",
    "tok_threeDSecure2Required",
    "tok_threeDSecureRequiredChargeDeclined",
];

impl Person {
    /// Reserves a ticket, not always another seller's. Most people go on to pay, some of them at the last
    /// moment, and some cancel at the same time.
    pub(super) async fn buy(&self) {
        let Some(ticket) = self.some_ticket() else { return self.list().await };
        let order = if self.chance.hits(5_000) {
            self.look_and_reserve(&ticket.id).await
        } else {
            self.reserve(&ticket.id).await
        };
        let Some(order) = order else { return };
        match self.chance.between(0..=9) {
            0..=3 => {
                tokio::time::sleep(self.chance.millis(0..=1_500)).await;
                self.pay_for(&order).await;
                self.worry_about(&order).await;
            }
            4 | 5 => {
                let left = self.system.around.plan.reservation;
                let before = if self.chance.hits(5_000) { 150 } else { 1_500 };
                tokio::time::sleep(left.saturating_sub(self.chance.millis(0..=before))).await;
                self.pay_for(&order).await;
                self.worry_about(&order).await;
            }
            6 => {
                let change_of_mind = async {
                    tokio::time::sleep(self.chance.millis(0..=150)).await;
                    self.take_back(&order).await;
                };
                tokio::join!(self.pay_for(&order), change_of_mind);
            }
            _ => {}
        }
    }

    /// Looks again and again what became of the money for an order.
    async fn worry_about(&self, order: &str) {
        for _ in 0..self.chance.between(0..=4) {
            tokio::time::sleep(self.chance.millis(100..=1_200)).await;
            self.ask(Call::get(ServiceName::Payments, format!("/api/payments/{order}"))).await;
        }
    }

    /// Reserves this ticket. Returns the order, if there is one.
    pub(in crate::simulation) async fn reserve(&self, ticket: &str) -> Option<String> {
        self.order(json!({"ticketId": ticket})).await.ok()
    }

    /// Reserves this ticket at the price that it is shown with; if that has changed, perhaps at the new one.
    async fn look_and_reserve(&self, ticket: &str) -> Option<String> {
        let shown = self.ask(Call::get(ServiceName::Tickets, format!("/api/tickets/{ticket}"))).await?;
        tokio::time::sleep(self.chance.millis(0..=600)).await;
        match self.order(json!({"ticketId": ticket, "price": shown.body["price"]})).await {
            Ok(order) => Some(order),
            Err(price) if price.is_number() && self.chance.hits(7_000) => {
                self.order(json!({"ticketId": ticket, "price": price})).await.ok()
            }
            Err(_) => None,
        }
    }

    /// Places an order. If there is none, returns the price that was refused with, or `null`.
    async fn order(&self, body: Value) -> Result<String, Value> {
        let reply = self.ask_until_clear(Call::post(ServiceName::Orders, "/api/orders", body)).await;
        let reply = reply.ok_or(Value::Null)?;
        let id = reply.id().ok_or_else(|| reply.body["errors"][0]["price"].clone())?;
        let mut known = self.market.known();
        if !known.orders.iter().any(|order| order.id == id) {
            known.orders.push(KnownOrder { id: id.clone(), buyer: self.number });
        }
        Ok(id)
    }

    pub(super) async fn pay(&self) {
        match self.some_order() {
            Some(order) => self.pay_for(&order).await,
            None => self.buy_something().await,
        }
    }

    async fn buy_something(&self) {
        match self.some_ticket() {
            Some(ticket) => drop(self.reserve(&ticket.id).await),
            None => self.list().await,
        }
    }

    /// Pays, sometimes twice at once. Where the bank asks, most people answer.
    async fn pay_for(&self, order: &str) {
        let Some(card) = self.chance.pick(&CARDS) else { return };
        let call = Call::post(ServiceName::Payments, "/api/payments", json!({"token": card, "orderId": order}));
        if self.chance.hits(2_000) {
            tokio::join!(self.ask_until_clear(call.clone()), self.ask_until_clear(call));
        } else {
            self.ask_until_clear(call).await;
        }
        // Also if there was no answer: the page of the order leads to the bank, too.
        if card.contains("threeDSecure") && self.chance.hits(8_000) {
            self.answer_bank(order).await;
        }
    }

    /// Says at the bank whether a payment is one's own, sometimes too late, sometimes twice.
    async fn answer_bank(&self, order: &str) {
        let left = self.system.around.plan.reservation;
        let pause = if self.chance.hits(1_500) { left } else { self.chance.millis(0..=2_500) };
        tokio::time::sleep(pause).await;
        let told = if self.chance.hits(7_500) { Authentication::Approved } else { Authentication::Refused };
        for _ in 0..=u32::from(self.chance.hits(2_000)) {
            let Ok(ledger) = self.system.simulator.ledger().await else { return };
            for intent in ledger.with_metadata("order_id", order).filter(|intent| intent.bank_page.is_some()) {
                let what = format!("at the bank, {} is {told:?}", intent.id);
                self.system.around.history.note(HistoryEvent::Trouble { who: Actor::Stripe, what });
                // The bank may not ask any more.
                let _ = self.system.simulator.authenticate(&intent.id, told).await;
            }
        }
        self.ask(Call::get(ServiceName::Payments, format!("/api/payments/{order}"))).await;
    }

    pub(super) async fn cancel(&self) {
        if let Some(order) = self.some_order() {
            self.take_back(&order).await;
        }
    }

    async fn take_back(&self, order: &str) {
        self.ask_until_clear(Call::delete(ServiceName::Orders, format!("/api/orders/{order}"))).await;
    }
}
