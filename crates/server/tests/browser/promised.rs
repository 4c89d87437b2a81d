//! A ticket that its seller promised to hand in later.

use std::time::Duration;

use client::{Client, DeliveryForm, OrderId, Price, TicketForm, TicketId};
use ports::clock::Clock;
use testkit::passes::pass;

use super::site::Site;

/// By when it is to be handed in: enough to buy it before.
const SOON: Duration = Duration::from_secs(12);
/// Not while a test runs.
const LATER: Duration = Duration::from_secs(60 * 60);
/// How long after now the event begins.
const BEGINS_IN: Duration = Duration::from_secs(26 * 60 * 60);

/// Buys what comes within this time, by the API: there may be little of it.
async fn bought(seller: &Client, buyer: &Client, within: Duration) -> (TicketId, OrderId) {
    let now = Clock::system().now();
    let form = TicketForm {
        starts_at: Some((now + BEGINS_IN).to_string()),
        delivery: Some(DeliveryForm::Later { until: Some((now + within).to_string()) }),
        ..TicketForm::new("Stalls, row F", Price::from_minor_units(2050).expect("a price"))
    };
    let ticket = seller.create_ticket(&form).await.expect("lists");
    let order = buyer.create_order(ticket.id).await.expect("orders");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    (ticket.id, order.id)
}

/// The kinds of the mails that somebody was sent.
async fn kinds(person: &Client) -> Vec<String> {
    let export = person.export().await.expect("answers");
    let mails = export["mails"].as_array().expect("a list");
    mails.iter().map(|mail| mail["kind"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_get_what_was_promised_sees_the_money_come_back_and_both_are_told() {
    let site = Site::open().await;
    let ((buyer, buyer_by_api), seller) = tokio::join!(site.user("buyer", true), site.by_api("seller"));
    let (_, order) = bought(&seller, &buyer_by_api, SOON).await;
    buyer.open(&format!("/orders/{order}")).await;
    buyer.sees("Its seller hands it in before").await;
    // By itself.
    buyer.is_headed("Your ticket did not come").await;
    buyer.sees("$20.50 has been given back").await;
    assert!(buyer.axe().await.is_empty());
    assert!(!buyer.overflows().await);
    buyer
        .until("its buyer was not told", async |_| {
            let kinds = kinds(&buyer_by_api).await;
            ["not-delivered", "refunded"].iter().all(|kind| kinds.iter().any(|told| told == kind))
        })
        .await;
    buyer
        .until("its seller was not told", async |_| kinds(&seller).await.iter().any(|kind| kind == "delivery-missed"))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_ticket_sees_it_on_the_open_page_when_it_is_handed_in() {
    let site = Site::open().await;
    let ((buyer, buyer_by_api), seller) = tokio::join!(site.user("buyer", true), site.by_api("seller"));
    let (ticket, order) = bought(&seller, &buyer_by_api, LATER).await;
    buyer.open(&format!("/orders/{order}")).await;
    buyer.sees("Its seller hands it in before").await;
    seller.seal_file(ticket, pass("GATE-7-ROW-F")).await.expect("is taken");
    buyer.sees("Show this at the door").await;
    buyer.sees("GATE-7-ROW-F").await;
}
