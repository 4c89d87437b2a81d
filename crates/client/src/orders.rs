use common::events::{CancelReason, DisputeStatus, EventDetails};
use common::id::{OrderId, TicketId, UserId};
use common::money::{Currency, Price};
use common::order_status::OrderStatus;
use common::time::Timestamp;
use common::version::Version;
use http::Method;
use serde::Deserialize;
use serde_json::json;

use crate::request::{request, with_query, with_time_limit};
use crate::{Client, Error, Page};

/// A reservation of one ticket.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its status.
    pub status: OrderStatus,
    /// The buyer.
    pub user_id: UserId,
    /// When the reservation ends unless it is paid.
    pub expires_at: Timestamp,
    /// How many times it has changed.
    pub version: Version,
    /// The reserved ticket.
    pub ticket: OrderedTicket,
    /// Why it was cancelled, if it was.
    pub reason: Option<CancelReason>,
    /// Why the payment was refused, if that is the reason for the cancellation.
    pub failure: Option<String>,
    /// The refund, if money was taken that the order could not keep.
    pub refund: Option<Refund>,
    /// How the dispute stands, if the buyer's bank disputes the payment.
    pub dispute: Option<DisputeStatus>,
}

/// The ticket as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OrderedTicket {
    /// Its id.
    pub id: TicketId,
    /// Its title.
    pub title: String,
    /// The price the buyer pays.
    pub price: Price,
    /// The currency of the price.
    #[serde(default)]
    pub currency: Currency,
    /// The version of the ticket at that time.
    pub version: Version,
    /// The event and seat.
    #[serde(flatten)]
    pub details: EventDetails,
}

/// Money returned to the buyer, in the ticket's currency.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Refund {
    /// The state of the refund.
    pub state: RefundState,
    /// The amount.
    pub amount: Price,
}

/// The state of a refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefundState {
    /// It has been requested.
    Pending,
    /// It has been made.
    Refunded,
    /// The provider could not make it; people look into it.
    Failed,
}

impl Client {
    /// Reserves a ticket. A buyer who holds it already gets the existing order.
    ///
    /// # Errors
    /// 400 if the ticket is reserved, not for sale any more or not yet, or the caller's own; 401; 404.
    pub async fn create_order(&self, ticket: TicketId) -> Result<Order, Error> {
        self.post(&self.urls.orders, "/api/orders", &json!({"ticketId": ticket})).await
    }

    /// Reserves a ticket for the price that the buyer has seen.
    ///
    /// # Errors
    /// As for [`Client::create_order`], and 409 if the ticket costs something else; the entry names the price.
    pub async fn create_order_at(&self, ticket: TicketId, seen: Price, currency: Currency) -> Result<Order, Error> {
        let body = json!({"ticketId": ticket, "price": seen, "currency": currency});
        self.post(&self.urls.orders, "/api/orders", &body).await
    }

    /// The caller's orders, newest first. [`Client::next_page`] returns the pages after it.
    ///
    /// # Errors
    /// 401.
    pub async fn orders(&self) -> Result<Page<Order>, Error> {
        self.page(request(Method::GET, &self.urls.orders, "/api/orders")?).await
    }

    /// The page of the caller's orders that begins at the [`Page::next_cursor`] of another page.
    ///
    /// # Errors
    /// 400 if the cursor is invalid; 401.
    pub async fn orders_from(&self, cursor: &str) -> Result<Page<Order>, Error> {
        let target = with_query("/api/orders", &[("cursor", cursor)])?;
        self.page(request(Method::GET, &self.urls.orders, &target)?).await
    }

    /// One order of the caller.
    ///
    /// # Errors
    /// 401, also for an order of another user; 404.
    pub async fn order(&self, id: OrderId) -> Result<Order, Error> {
        self.get(&self.urls.orders, &format!("/api/orders/{id}")).await
    }

    /// Cancels an order; its ticket is free again.
    ///
    /// # Errors
    /// 400 if it has been paid or is being paid; 401; 404.
    pub async fn cancel_order(&self, id: OrderId) -> Result<(), Error> {
        let request = request(Method::DELETE, &self.urls.orders, &format!("/api/orders/{id}"))?;
        with_time_limit(self.send(request)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::stub::{ORDER, Stub, TICKET, USER, order_id, ticket_id};

    fn order() -> Value {
        json!({
            "id": ORDER, "status": "awaiting:payment", "userId": USER, "expiresAt": "2026-11-22T18:00:00.000Z",
            "version": 1, "ticket": {"id": TICKET, "title": "Row A", "price": 19.99, "version": 3}, "later": "addition",
        })
    }

    #[tokio::test]
    async fn an_order_names_its_ticket() {
        let stub = Stub::answering(201, order()).await;
        let order = stub.client().create_order(ticket_id()).await.expect("an order");
        assert_eq!((order.id, order.status), (order_id(), OrderStatus::AwaitingPayment));
        assert_eq!((order.ticket.price.minor_units(), order.ticket.version), (1999, Version(3)));
        assert_eq!(stub.request().call(), "POST /api/orders");
        assert_eq!(stub.request().body, json!({"ticketId": TICKET}));
    }

    #[tokio::test]
    async fn an_order_can_name_the_price_that_was_seen() {
        let stub = Stub::answering(201, order()).await;
        let seen = Price::from_minor_units(1999).expect("a price");
        stub.client().create_order_at(ticket_id(), seen, Currency::Eur).await.expect("an order");
        assert_eq!(stub.request().body, json!({"ticketId": TICKET, "price": 19.99, "currency": "eur"}));
    }

    #[tokio::test]
    async fn another_price_is_409_and_names_it() {
        let entry = json!({"code": "price_changed", "message": "!", "field": "price", "price": 999, "currency": "eur"});
        let stub = Stub::answering(409, json!({"errors": [entry]})).await;
        let seen = Price::from_minor_units(3300).expect("a price");
        let refusal = stub.client().create_order_at(ticket_id(), seen, Currency::Usd).await.expect_err("409");
        let entry = refusal.first_entry().expect("an entry");
        assert_eq!((refusal.code(), entry.currency), (Some("price_changed"), Some(Currency::Eur)));
        assert_eq!(entry.price, Price::from_minor_units(99_900).ok());
    }

    #[tokio::test]
    async fn an_order_keeps_what_was_bought_and_says_what_the_bank_says() {
        let mut disputed = order();
        disputed["ticket"]["event"] = json!("Hamilton");
        disputed["dispute"] = json!("open");
        disputed["refund"] = json!({"state": "failed", "amount": 19.99});
        let stub = Stub::answering(200, disputed).await;
        let order = stub.client().order(order_id()).await.expect("an order");
        assert_eq!(order.ticket.details.event.as_deref(), Some("Hamilton"));
        assert_eq!(order.dispute, Some(DisputeStatus::Open));
        assert_eq!(order.refund.map(|refund| refund.state), Some(RefundState::Failed));
    }

    #[tokio::test]
    async fn a_cancelled_order_has_its_reason_and_refund() {
        let mut cancelled = order();
        cancelled["status"] = json!("cancelled");
        cancelled["reason"] = json!("late-payment");
        cancelled["refund"] = json!({"state": "pending", "amount": 19.99});
        let stub = Stub::answering(200, cancelled).await;
        let order = stub.client().order(order_id()).await.expect("an order");
        assert_eq!(order.reason, Some(CancelReason::LatePayment));
        assert_eq!(order.refund.map(|refund| refund.state), Some(RefundState::Pending));
        assert_eq!(stub.request().call(), format!("GET /api/orders/{ORDER}"));
    }

    #[tokio::test]
    async fn orders_are_listed() {
        let stub = Stub::answering(200, json!([order(), order()])).await;
        assert_eq!(stub.client().orders().await.expect("a page").items.len(), 2);
        assert_eq!(stub.request().call(), "GET /api/orders");
        stub.client().orders_from("a+b").await.expect("a page");
        assert_eq!(stub.requests()[1].call(), "GET /api/orders?cursor=a%2Bb");
    }

    #[tokio::test]
    async fn cancelling_has_no_answer_but_success() {
        let stub = Stub::answering_text(204, "text/plain", "").await;
        stub.client().cancel_order(order_id()).await.expect("success");
        assert_eq!(stub.request().call(), format!("DELETE /api/orders/{ORDER}"));
    }
}
