use client::{Client, Price, TicketForm};
use testkit::browser::Browser;

use super::site::{Site, buy, listed};

async fn assert_still(browser: &Browser) {
    assert_eq!(browser.layout_shifts().await, Vec::<String>::new(), "moved on {}", browser.path().await);
}

/// Something of every kind, so that pages have many live updates.
async fn bustle(seller: &Client, buyer: &Client) {
    for number in 1..=3 {
        let ticket = listed(seller, &format!("Matinee {number}")).await;
        let dearer =
            TicketForm::new(format!("Matinee {number}, balcony"), Price::from_minor_units(2500).expect("a price"));
        seller.edit_ticket(ticket.id, &dearer).await.expect("edits");
        let order = buyer.create_order(ticket.id).await.expect("reserves");
        if number == 1 {
            buyer.cancel_order(order.id).await.expect("cancels");
        } else {
            buyer.pay(order.id, "tok_visa").await.expect("pays");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_on_the_catalogue_while_things_happen() {
    let site = Site::open().await;
    let (seller, buyer) = tokio::join!(site.by_api("seller"), site.by_api("buyer"));
    for number in 1..=6 {
        listed(&seller, &format!("Evening {number}")).await;
    }
    let last = listed(&seller, "Evening 7").await;
    let visitor = site.visitor(true).await;
    visitor.open("/").await;
    visitor.sees("Evening 7").await;
    bustle(&seller, &buyer).await;
    // Events arrive in order: once the effect of the last one is visible, all have arrived.
    buyer.create_order(last.id).await.expect("reserves");
    let locked = format!("[data-ticket-id='{}'][data-state=locked]", last.id);
    visitor.until("the card is not locked", async |visitor| visitor.count(&locked).await == 1).await;
    assert_still(&visitor).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_moves_on_the_checkout_while_time_runs() {
    let site = Site::open().await;
    let (seller, other) = tokio::join!(site.by_api("seller"), site.by_api("other"));
    let ticket = listed(&seller, "Evening 1").await;
    let (buyer, _) = site.user("buyer", true).await;
    buy(&buyer, &ticket).await;
    let timer = buyer.text_of("[role=timer]").await;
    bustle(&seller, &other).await;
    buyer.until("time stands still", async |buyer| buyer.text_of("[role=timer]").await != timer).await;
    assert_still(&buyer).await;
}
