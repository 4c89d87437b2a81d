use testkit::browser::Browser;

use super::site::{Site, buy, listed};

const QUESTION: &str = "Is this payment yours?";

/// A buyer who stands before the page of their bank.
async fn asked(scripts: bool) -> (Site, Browser) {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "Songs of the north").await;
    let (buyer, _) = site.user("buyer", scripts).await;
    buy(&buyer, &ticket).await;
    buyer.choose("Test card", "4000 0000 0000 3220").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed(QUESTION).await;
    (site, buyer)
}

async fn a_confirmed_payment(scripts: bool) {
    let (_site, buyer) = asked(scripts).await;
    buyer.press("Approve").await;
    buyer.is_headed("The ticket is yours").await;
    buyer.sees("You paid $20.50 by Visa ending in 3220.").await;
    buyer.follow("Receipt").await;
    buyer.sees("Visa ending in 3220").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_confirmed_at_the_bank_is_taken() {
    a_confirmed_payment(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_confirmed_at_the_bank_is_taken_with_javascript_off() {
    a_confirmed_payment(false).await;
}

async fn an_interrupted_payment(scripts: bool) {
    let (_site, buyer) = asked(scripts).await;
    // The buyer closes the bank's page, and finds the way back to it.
    buyer.open("/orders").await;
    buyer.follow("Songs of the north").await;
    buyer.is_headed("Your bank asks you to confirm").await;
    assert!(!buyer.offers("Cancel order").await, "what is being paid cannot be cancelled");
    buyer.follow("Continue at your bank").await;
    buyer.is_headed(QUESTION).await;
    // Then they prefer another card.
    buyer.open("/orders").await;
    buyer.follow("Songs of the north").await;
    buyer.follow("Use another card").await;
    buyer.is_headed("Checkout").await;
    buyer.choose("Test card", "4242").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed("The ticket is yours").await;
    buyer.sees("ending in 4242").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_at_the_bank_can_be_continued_or_made_with_another_card() {
    an_interrupted_payment(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_at_the_bank_can_be_continued_or_made_with_another_card_with_javascript_off() {
    an_interrupted_payment(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_payment_takes_nothing_with_javascript_off() {
    let (_site, buyer) = asked(false).await;
    buyer.press("Refuse").await;
    buyer.sees("not confirmed with your bank").await;
    assert!(!buyer.text().await.contains("You paid"));
}
