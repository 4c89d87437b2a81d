use client::{Price, TicketForm};

use super::site::{Site, listed, page_of};

/// The page does not change by itself here: with JavaScript it would show the new price at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_has_changed_is_asked_about_with_javascript_off() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    let ticket = listed(&seller, "Brass in the park").await;
    let (buyer, by_api) = site.user("buyer", false).await;
    buyer.open(&page_of(&ticket)).await;
    buyer.sees("$20.50").await;
    let dear = TicketForm::new("Brass in the park", Price::from_minor_units(99_900).expect("a price"));
    seller.edit_ticket(ticket.id, &dear).await.expect("edits");

    buyer.press("Buy this ticket").await;
    buyer.is_headed("The price has changed").await;
    buyer.sees("You saw $20.50. The seller asks $999.00 now.").await;
    assert!(by_api.orders().await.expect("orders").items.is_empty(), "nothing is bought without a word");
    buyer.press("Buy for $999.00").await;
    buyer.is_headed("Checkout").await;
    assert!(buyer.offers("Pay $999.00").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_that_changes_on_the_open_page_is_the_one_that_is_asked_for() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    let ticket = listed(&seller, "Brass in the park").await;
    let (buyer, _) = site.user("buyer", true).await;
    buyer.open(&page_of(&ticket)).await;
    let dear = TicketForm::new("Brass in the park", Price::from_minor_units(2500).expect("a price"));
    seller.edit_ticket(ticket.id, &dear).await.expect("edits");
    buyer.sees("$25.00").await;
    buyer.press("Buy this ticket").await;
    buyer.is_headed("Checkout").await;
    assert!(buyer.offers("Pay $25.00").await);
    assert_eq!(buyer.complaints().await, Vec::<String>::new());

    // As on a page that has not heard of a change yet.
    let other = listed(&seller, "An evening of quartets").await;
    buyer.open(&page_of(&other)).await;
    buyer.script("document.querySelector('[name=price]').value = '15.00'").await;
    buyer.press("Buy this ticket").await;
    buyer.is_headed("The price has changed").await;
    buyer.sees("You saw $15.00. The seller asks $20.50 now.").await;
    buyer.press("Buy for $20.50").await;
    buyer.is_headed("Checkout").await;
    assert!(buyer.offers("Pay $20.50").await);
}
