//! Whether the system has recovered: one purchase, from the listing to the sold ticket, that reaches every
//! service; and one session, from the sign-in to the sign-out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use client::{Client, OrderId, OrderStatus, Price, TicketForm};
use ports::store::RecordStore;
use server::engines::OpenOptions;
use server::services::ServiceName;

use super::load::{PASSWORD, Reply, ask};
use super::system::System;
use crate::services::collection;

/// A system that does not recover by itself within this time needs an operator.
const RECOVERS_WITHIN: Duration = Duration::from_secs(60);
/// The pause before a retry.
const AGAIN_AFTER: Duration = Duration::from_millis(100);
/// How long opening the databases may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// A seller and a buyer used only by the probe.
pub(super) struct Probe {
    seller: Client,
    buyer: Client,
    schedules: Arc<dyn RecordStore>,
}

impl Probe {
    pub(super) async fn new(system: &System, seller: Client, buyer: Client) -> Result<Self> {
        let schedules =
            system.stores.open(OpenOptions::waiting(PATIENCE))?.of(ServiceName::Expiration.as_str()).await?;
        Ok(Self { seller, buyer, schedules })
    }

    /// The time until both succeed. `None` if they do not.
    pub(super) async fn recovery(&self) -> Option<Duration> {
        let began = Instant::now();
        let purchased = async {
            while !self.purchases().await {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        };
        let signed_out = async {
            while !self.signs_out().await {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        };
        let everything = async { tokio::join!(purchased, signed_out) };
        tokio::time::timeout(RECOVERS_WITHIN, everything).await.ok()?;
        Some(began.elapsed())
    }

    /// One purchase; whether it succeeds.
    async fn purchases(&self) -> bool {
        let form = form();
        let Reply::Done(ticket) = ask(self.seller.create_ticket(&form)).await else { return false };
        let Reply::Done(order) = ask(self.buyer.create_order(ticket.id)).await else { return false };
        while !matches!(ask(self.buyer.pay(order.id, "tok_visa")).await, Reply::Done(_)) {
            match ask(self.buyer.order(order.id)).await {
                // The payment succeeded although its response was lost.
                Reply::Done(order) if order.status == OrderStatus::Complete => break,
                Reply::Done(order) if order.status == OrderStatus::Cancelled => return false,
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
        loop {
            let (order, ticket) = tokio::join!(ask(self.buyer.order(order.id)), ask(self.buyer.ticket(ticket.id)));
            let Reply::Done(order) = order else { continue };
            let is_sold = matches!(ticket, Reply::Done(ticket) if ticket.sold);
            match order.status {
                OrderStatus::Complete if is_sold && self.is_unscheduled(order.id).await => return true,
                OrderStatus::Cancelled => return false,
                _ => tokio::time::sleep(AGAIN_AFTER).await,
            }
        }
    }

    /// Expiration has no routes: what it knows is in its database.
    async fn is_unscheduled(&self, order: OrderId) -> bool {
        let schedule = self.schedules.get(collection(ServiceName::Expiration, "schedules"), &order.to_string()).await;
        matches!(schedule, Ok(Some(schedule)) if schedule.body["state"] != "scheduled")
    }

    /// One session; whether it begins, and then ends in every service (invariant I12).
    async fn signs_out(&self) -> bool {
        let visitor = self.buyer.anonymous();
        let Reply::Done(Some(user)) = ask(self.buyer.current_user()).await else { return false };
        let Reply::Done(_) = ask(visitor.sign_in(user.email.as_str(), PASSWORD)).await else { return false };
        let Some(token) = visitor.token() else { return false };
        let thief = self.buyer.with_session(&token);
        while !matches!(ask(visitor.sign_out()).await, Reply::Done(())) {
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        let form = form();
        let is_refused = |status| status == Some(401);
        loop {
            let (tickets, orders) = tokio::join!(ask(thief.create_ticket(&form)), ask(thief.orders()));
            if is_refused(tickets.refusal()) && is_refused(orders.refusal()) {
                return true;
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }
}

fn form() -> TicketForm {
    TicketForm::new("Probe", Price::from_minor_units(1000).expect("more than nothing"))
}
