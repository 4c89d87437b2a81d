use std::sync::Arc;
use std::time::Duration;

use common::time::Timestamp;
use serde_json::{Value, json};
use server::services::ServiceName;

use super::Person;
use super::call::Call;
use super::market::KnownTicket;
use crate::simulation::system::BEGINNING;

/// Few events, so that people offer the same seat again, each in several spellings.
const EVENTS: [&str; 5] = ["Gala", "gala", " Gala ", "Opera", "OPERA"];
/// When events begin, in seconds: some of them while people still trade, and some more than a day later.
const BEGIN: [u64; 4] = [12, 40, LATE, LATE];
const LATE: u64 = 100_000;

/// The moment so many seconds after the beginning.
fn second(number: u64) -> String {
    (Timestamp::from_millis(BEGINNING) + Duration::from_secs(number)).to_string()
}

impl Person {
    /// Lists a ticket, sometimes by a double click, or once more under the same key.
    pub(super) async fn list(&self) {
        let key = self.chance.number().to_string();
        let form = self.form();
        let is_sealed = form["delivery"]["mode"] == "sealed";
        let call = Call::post(ServiceName::Tickets, "/api/tickets", form).with("idempotency-key", key);
        if self.chance.hits(1_500) {
            let (first, second) = (self.ask_until_clear(call.clone()), self.ask_until_clear(call));
            let replies = tokio::join!(first, second);
            self.remember(replies.0.and_then(|reply| reply.id()));
            return self.remember(replies.1.and_then(|reply| reply.id()));
        }
        let listed = self.ask_until_clear(call.clone()).await.and_then(|reply| reply.id());
        self.remember(listed.clone());
        if let Some(ticket) = listed.filter(|_| is_sealed && self.chance.hits(8_000)) {
            self.give(&ticket).await;
        }
        if self.chance.hits(1_000) {
            tokio::time::sleep(self.chance.millis(0..=3_000)).await;
            self.ask_until_clear(call).await;
        }
    }

    fn remember(&self, ticket: Option<String>) {
        let (Some(id), mut known) = (ticket, self.market.known()) else { return };
        if !known.tickets.iter().any(|ticket| ticket.id == id) {
            known.tickets.push(KnownTicket { id, seller: self.number });
        }
    }

    /// Edits a ticket, not always one's own, sometimes in two windows at once.
    pub(super) async fn edit_something(&self) {
        let Some(ticket) = self.ticket_to_change() else { return self.list().await };
        if self.chance.hits(3_000) {
            tokio::join!(self.edit(&ticket), self.edit(&ticket));
        } else {
            self.edit(&ticket).await;
        }
    }

    /// Edits this ticket. Most people look at it first, and say which version they have seen.
    async fn edit(&self, ticket: &str) {
        let path = format!("/api/tickets/{ticket}");
        let mut form = self.form();
        if self.chance.hits(3_000) {
            self.ask_until_clear(Call::put(ServiceName::Tickets, path, form)).await;
            return;
        }
        let Some(seen) = self.ask(Call::get(ServiceName::Tickets, &path)).await else { return };
        let Some(version) = seen.body["version"].as_u64() else { return };
        tokio::time::sleep(self.chance.millis(0..=300)).await;
        let call = if self.chance.hits(5_000) {
            form["version"] = version.into();
            Call::put(ServiceName::Tickets, path, form)
        } else {
            Call::put(ServiceName::Tickets, path, form).with("if-match", format!("\"{version}\""))
        };
        self.ask_until_clear(call).await;
    }

    /// Takes a listing back, not always one's own.
    pub(super) async fn withdraw_something(&self) {
        if let Some(ticket) = self.ticket_to_change() {
            self.withdraw(&ticket).await;
        }
    }

    async fn withdraw(&self, ticket: &str) {
        self.ask_until_clear(Call::delete(ServiceName::Tickets, format!("/api/tickets/{ticket}"))).await;
    }

    /// The seller changes their mind about a ticket that others are after.
    pub(in crate::simulation) async fn reconsider(&self, ticket: &str) {
        tokio::time::sleep(self.chance.millis(0..=30)).await;
        if self.chance.hits(3_000) { self.withdraw(ticket).await } else { self.edit(ticket).await }
    }

    /// A ticket that anybody can buy at any time.
    fn plain_form(&self) -> Value {
        let price = self.chance.between(100..=99_999);
        json!({"title": format!("Seat {}", self.chance.between(1..=999)), "price": f64::from(price) / 100.0})
    }

    fn form(&self) -> Value {
        let mut form = self.plain_form();
        if self.chance.hits(5_000) {
            form["delivery"] = json!({"mode": "sealed"});
        }
        if self.chance.hits(4_000) {
            return form;
        }
        form["event"] = self.chance.pick(&EVENTS).copied().into();
        form["row"] = (if self.chance.hits(5_000) { "f" } else { "F" }).into();
        form["seat"] = self.chance.between(1..=4).to_string().into();
        if self.chance.hits(6_000)
            && let Some(begin) = self.chance.pick(&BEGIN)
        {
            form["startsAt"] = second(*begin).into();
            if *begin == LATE && self.chance.hits(6_000) {
                form["delivery"] = json!({"mode": "later", "until": second(self.chance.between(8..=40).into())});
            }
        }
        form
    }

    /// One person lists a ticket, another reserves it and never pays.
    pub(in crate::simulation) async fn leave_one_unpaid(people: &[Arc<Self>]) {
        let (Some(seller), Some(buyer)) = (people.first(), people.last()) else { return };
        let call = Call::post(ServiceName::Tickets, "/api/tickets", seller.plain_form());
        if let Some(ticket) = seller.ask_until_clear(call).await.and_then(|reply| reply.id()) {
            buyer.reserve(&ticket).await;
        }
    }
}
