//! How a ticket comes from its seller to its buyer, and who can see it when.

mod at_rest;
mod codes;
mod issued;
mod later;
mod money_back;
mod replaced;
mod sealed;
mod seen;

use std::time::Duration;

use client::{
    Client, Delivery, DeliveryForm, Download, Error, Order, OrderStatus, Price, Ticket, TicketForm, TicketId,
};
use testkit::passes::pass;
use testkit::world::{PRICE, World, within};

pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
/// How long after now what is sold here begins.
const BEGINS_IN: Duration = Duration::from_secs(26 * 60 * 60);

/// A listing that comes to its buyer like this.
pub(crate) async fn listed(world: &World, seller: &Client, delivery: DeliveryForm) -> Ticket {
    let form = TicketForm {
        starts_at: Some((world.clock.now() + BEGINS_IN).to_string()),
        delivery: Some(delivery),
        ..TicketForm::new("Row A, seat 12", Price::from_minor_units(PRICE).expect("a price"))
    };
    let ticket = seller.create_ticket(&form).await.expect("lists a ticket");
    // Delivery has heard of it.
    world.settle().await;
    ticket
}

/// What has to come within an hour.
pub(crate) fn later(world: &World) -> DeliveryForm {
    DeliveryForm::Later { until: Some((world.clock.now() + HOUR).to_string()) }
}

/// A listing for which its seller has given us a file with this code.
pub(crate) async fn sealed(world: &World, seller: &Client, code: &str) -> Ticket {
    let ticket = listed(world, seller, DeliveryForm::Sealed).await;
    seller.seal_file(ticket.id, pass(code)).await.expect("is taken");
    world.settle().await;
    ticket
}

/// A paid order of this ticket.
pub(crate) async fn bought(world: &World, buyer: &Client, ticket: TicketId) -> Order {
    let order = buyer.create_order(ticket).await.expect("reserves");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    let order = buyer.order(order.id).await.expect("is there");
    assert_eq!(order.status, OrderStatus::Complete);
    order
}

/// The order, once it is cancelled.
pub(crate) async fn until_cancelled(world: &World, buyer: &Client, order: &Order) -> Order {
    let cancelled = within(async {
        loop {
            let order = buyer.order(order.id).await.expect("is there");
            if order.status == OrderStatus::Cancelled {
                return order;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let cancelled = cancelled.await;
    world.settle().await;
    cancelled
}

/// All of a file on its way.
pub(crate) async fn whole(mut file: Download) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(part) = file.next().await.expect("comes to its end") {
        bytes.extend_from_slice(&part);
    }
    bytes
}

/// The texts of the codes that a buyer gets.
pub(crate) fn texts(delivery: &Delivery) -> Vec<&str> {
    delivery.codes.iter().map(|code| code.text.as_str()).collect()
}

/// How a request was refused.
pub(crate) fn refusal<T>(answer: Result<T, Error>) -> (u16, String) {
    let Err(error) = answer else { panic!("it was not refused") };
    let status = error.status().map_or(0, |status| status.as_u16());
    (status, error.code().unwrap_or_default().to_owned())
}
