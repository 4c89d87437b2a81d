use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use super::stage::{Stage, id};
use super::{order_burst, purchase_flow};
use crate::load::{Connection, post};
use crate::report::{Figure, Unit};
use crate::system::{Applied, Counts, Idle, ServiceName, until_webhooks_stop};

/// How many orders, and how many purchases.
const EACH: usize = 25;
/// How long to watch what happens without them.
const IDLE: Duration = Duration::from_secs(10);
/// From the last effect until nothing of it shares a write with the next one.
const APART: Duration = Duration::from_millis(150);

/// The operations of an order and of a purchase: each alone, so that it shares nothing and costs the most it can.
pub(super) async fn run(stage: &mut Stage) -> Result<Vec<Figure>> {
    let tickets = stage.tickets(2 * EACH + 2).await?;
    let (warm, tickets) = tickets.split_at(2);
    order(stage, &warm[..1]).await?;
    buy(stage, &warm[1..]).await?;
    until_webhooks_stop(&stage.system).await?;
    let before = Counts::now(&stage.system).await?;
    tokio::time::sleep(IDLE).await;
    let quiet = Counts::now(&stage.system).await?;
    let idle = Idle::between(&before, &quiet);
    let (to_order, to_buy) = tickets.split_at(EACH);
    order(stage, to_order).await?;
    let ordered = Counts::now(&stage.system).await?;
    buy(stage, to_buy).await?;
    until_webhooks_stop(&stage.system).await?;
    let bought = Counts::now(&stage.system).await?;
    let of_an_order = ordered.since(&quiet, &idle, EACH);
    let of_a_purchase = bought.since(&ordered, &idle, EACH);
    let figure = |what: &str, (name, value): (&str, f64)| {
        Figure::new(format!("{what}: {name}"), name, Unit::Each, value).on(stage.system.engine)
    };
    let of_an_order = of_an_order.into_iter().map(|count| figure("order", count));
    Ok(of_an_order.chain(of_a_purchase.into_iter().map(|count| figure("purchase", count))).collect())
}

async fn order(stage: &Stage, tickets: &[String]) -> Result<()> {
    for request in stage.orders(tickets) {
        let applied = Applied::since_now(&stage.system).await?;
        let mut orders = Connection::open(stage.system.address(ServiceName::Orders)).await?;
        let status = orders.exchange(&request).await?.status;
        ensure!(status == 201, "an order was answered by {status}");
        applied.until(&order_burst::effects(1)).await?;
        tokio::time::sleep(APART).await;
    }
    Ok(())
}

async fn buy(stage: &Stage, tickets: &[String]) -> Result<()> {
    for (number, request) in stage.orders(tickets).iter().enumerate() {
        let applied = Applied::since_now(&stage.system).await?;
        let mut orders = Connection::open(stage.system.address(ServiceName::Orders)).await?;
        let mut payments = Connection::open(stage.system.address(ServiceName::Payments)).await?;
        let payment = json!({"token": "tok_visa", "orderId": id(orders.exchange(request).await?.body)?});
        let payment = post("/api/payments", Some(&stage.people.buyer(number).session), None, &payment);
        purchase_flow::pay(&mut payments, &payment).await?;
        applied.until(&purchase_flow::effects(1)).await?;
        tokio::time::sleep(APART).await;
    }
    Ok(())
}
