use serde_json::{Value, json};
use server::services::ServiceName;

use super::Person;
use super::asking::Reply;
use super::market::KnownOrder;

/// The cards that people use, good ones more often.
const CARDS: [&str; 6] = ["tok_visa", "tok_visa", "tok_visa", "tok_mastercard", "tok_chargeDeclined", "tok_nonsense"];

impl Person {
    /// Performs a random action.
    pub(super) async fn act(&self) {
        match self.chance.between(0..=99) {
            0..=17 => self.list().await,
            18..=24 => self.edit().await,
            25..=52 => self.buy().await,
            53..=72 => self.pay().await,
            73..=80 => self.cancel().await,
            81..=94 => self.read().await,
            _ => self.sign_out().await,
        }
    }

    async fn list(&self) {
        let form = self.form();
        let reply = self.ask_until_clear(|| self.ask(ServiceName::Tickets, "POST", "/api/tickets", form.clone())).await;
        if let Some(id) = id_in(reply.as_ref(), 201) {
            self.market.known().tickets.push(id);
        }
    }

    /// Edits a ticket, not always one's own, sometimes in two windows at once.
    async fn edit(&self) {
        let Some(ticket) = self.some_ticket() else { return self.list().await };
        let path = format!("/api/tickets/{ticket}");
        let edit = |form: Value| {
            let path = &path;
            async move { self.ask_until_clear(|| self.ask(ServiceName::Tickets, "PUT", path, form.clone())).await }
        };
        if self.chance.hits(3_000) {
            tokio::join!(edit(self.form()), edit(self.form()));
        } else {
            edit(self.form()).await;
        }
    }

    /// Reserves a ticket, not always another seller's. Most people go on to pay, some of them at the last
    /// moment, and some cancel at the same time.
    async fn buy(&self) {
        let Some(ticket) = self.some_ticket() else { return self.list().await };
        let Some(order) = self.reserve(&ticket).await else { return };
        match self.chance.between(0..=9) {
            0..=3 => {
                tokio::time::sleep(self.chance.millis(0..=1_500)).await;
                self.pay_for(&order).await;
            }
            4 => {
                let left = self.system.around.plan.reservation;
                tokio::time::sleep(left.saturating_sub(self.chance.millis(0..=150))).await;
                self.pay_for(&order).await;
            }
            5 => {
                let change_of_mind = async {
                    tokio::time::sleep(self.chance.millis(0..=150)).await;
                    self.take_back(&order).await;
                };
                tokio::join!(self.pay_for(&order), change_of_mind);
            }
            _ => {}
        }
    }

    /// Reserves this ticket. Returns the order, if there is one.
    pub(in crate::simulation) async fn reserve(&self, ticket: &str) -> Option<String> {
        let body = json!({"ticketId": ticket});
        let reply = self.ask_until_clear(|| self.ask(ServiceName::Orders, "POST", "/api/orders", body.clone())).await?;
        let id = id_in(Some(&reply), 201).or_else(|| id_in(Some(&reply), 200))?;
        let mut known = self.market.known();
        if !known.orders.iter().any(|order| order.id == id) {
            known.orders.push(KnownOrder { id: id.clone(), buyer: self.number });
        }
        Some(id)
    }

    async fn pay(&self) {
        match self.some_order() {
            Some(order) => self.pay_for(&order).await,
            None => self.buy_something().await,
        }
    }

    async fn buy_something(&self) {
        match self.some_ticket() {
            Some(ticket) => drop(self.reserve(&ticket).await),
            None => self.list().await,
        }
    }

    /// Pays, sometimes twice at once.
    async fn pay_for(&self, order: &str) {
        let Some(card) = self.chance.pick(&CARDS) else { return };
        let body = json!({"token": card, "orderId": order});
        let pay = || self.ask_until_clear(|| self.ask(ServiceName::Payments, "POST", "/api/payments", body.clone()));
        if self.chance.hits(2_000) {
            tokio::join!(pay(), pay());
        } else {
            pay().await;
        }
    }

    async fn cancel(&self) {
        if let Some(order) = self.some_order() {
            self.take_back(&order).await;
        }
    }

    async fn take_back(&self, order: &str) {
        let path = format!("/api/orders/{order}");
        self.ask_until_clear(|| self.ask(ServiceName::Orders, "DELETE", &path, Value::Null)).await;
    }

    async fn read(&self) {
        let path = match self.chance.between(0..=4) {
            0 => return drop(self.ask(ServiceName::Tickets, "GET", "/api/tickets", Value::Null).await),
            1 => return drop(self.ask(ServiceName::Auth, "GET", "/api/users/currentuser", Value::Null).await),
            2 => match self.some_ticket() {
                Some(ticket) => {
                    let path = format!("/api/tickets/{}", ticket);
                    return drop(self.ask(ServiceName::Tickets, "GET", &path, Value::Null).await);
                }
                None => return,
            },
            3 => match self.some_order() {
                Some(order) => format!("/api/orders/{order}"),
                None => return,
            },
            _ => "/api/orders".into(),
        };
        self.ask(ServiceName::Orders, "GET", &path, Value::Null).await;
    }

    fn form(&self) -> Value {
        let price = self.chance.between(100..=99_999);
        json!({"title": format!("Seat {}", self.chance.between(1..=999)), "price": f64::from(price) / 100.0})
    }

    /// The ticket listed last.
    pub(in crate::simulation) fn newest_ticket(&self) -> Option<String> {
        self.market.known().tickets.last().cloned()
    }

    /// One person lists a ticket, another reserves it and never pays.
    pub(in crate::simulation) async fn leave_one_unpaid(people: &[std::sync::Arc<Self>]) {
        let (Some(seller), Some(buyer)) = (people.first(), people.last()) else { return };
        seller.list().await;
        if let Some(ticket) = seller.newest_ticket() {
            buyer.reserve(&ticket).await;
        }
    }

    /// One of the newest tickets of any seller.
    fn some_ticket(&self) -> Option<String> {
        let known = self.market.known();
        let newest = &known.tickets[known.tickets.len().saturating_sub(6)..];
        self.chance.pick(newest).cloned()
    }

    /// One of the newest orders; mostly the person's own.
    fn some_order(&self) -> Option<String> {
        let is_prying = self.chance.hits(1_000);
        let known = self.market.known();
        let newest = known.orders.iter().rev().filter(|order| is_prying || order.buyer == self.number).take(4);
        self.chance.pick(&newest.map(|order| order.id.clone()).collect::<Vec<_>>()).cloned()
    }
}

fn id_in(reply: Option<&Reply>, status: u16) -> Option<String> {
    reply.filter(|reply| reply.status == status)?.body["id"].as_str().map(str::to_owned)
}
