use client::{Client, OrderStatus, PaymentStatus, Ticket};
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use testkit::browser::Browser;

use super::site::{Site, buy, listed};

const QUESTION: &str = "Is this payment yours?";

/// A buyer who stands before the page of their bank.
async fn asked(scripts: bool) -> (Site, Browser, Client) {
    let site = Site::open().await;
    let ticket = listed(&site.by_api("seller").await, "Songs of the north").await;
    let (buyer, by_api) = site.user("buyer", scripts).await;
    buy(&buyer, &ticket).await;
    pay(&buyer).await;
    (site, buyer, by_api)
}

/// From the checkout to the page of the bank.
async fn pay(buyer: &Browser) {
    buyer.choose("Test card", "4000 0000 0000 3220").await;
    buyer.press("Pay $20.50").await;
    buyer.is_headed(QUESTION).await;
}

async fn a_confirmed_payment(scripts: bool) {
    let (_site, buyer, _) = asked(scripts).await;
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
    let (_site, buyer, _) = asked(scripts).await;
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

async fn a_payment_that_is_refused_first(scripts: bool) {
    let (site, buyer, by_api) = asked(scripts).await;
    buyer.press("Refuse").await;
    buyer.sees("not confirmed with your bank").await;
    assert!(!buyer.text().await.contains("You paid"));

    // The buyer thinks better of it, and approves on their phone. Stripe tells before they come back.
    buyer.is_headed("Checkout").await;
    pay(&buyer).await;
    let phone = reqwest::Client::builder().redirect(Policy::none()).build().expect("an HTTP client");
    let form = phone.post(site.address(&buyer.path().await)).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = form.body("decision=approve").send().await.expect("an answer");
    assert_eq!(answer.status(), 303);
    let order = by_api.orders().await.expect("orders").items[0].id;
    let is_complete = async |_: &Browser| by_api.order(order).await.expect("is there").status == OrderStatus::Complete;
    buyer.until("the order is not complete", is_complete).await;

    // Here the bank's page still asks.
    buyer.press("Approve").await;
    buyer.is_headed("You have approved this payment").await;
    buyer.follow("Back to the shop").await;
    buyer.is_headed("The ticket is yours").await;
    buyer.sees("You paid $20.50 by Visa ending in 3220.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_payment_takes_nothing_and_one_that_is_approved_twice_is_taken_once() {
    a_payment_that_is_refused_first(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_payment_takes_nothing_and_one_that_is_approved_twice_is_taken_once_with_javascript_off() {
    a_payment_that_is_refused_first(false).await;
}

/// A buyer who opens the page of their bank in time and decides there too late.
async fn too_late(site: &Site, (buyer, by_api): &(Browser, Client), ticket: &Ticket) {
    buy(buyer, ticket).await;
    pay(buyer).await;
    let bank = site.address(&buyer.path().await);
    let is_called_off = async |_: &Browser| {
        let page = reqwest::get(&bank).await.expect("an answer").text().await.expect("a page");
        page.contains("It is too late")
    };
    buyer.until("the bank still asks", is_called_off).await;
    buyer.press("Approve").await;
    buyer.is_headed("It is too late to decide about this payment").await;
    buyer.follow("Back to the shop").await;
    buyer.is_headed("Your reservation has expired").await;
    buyer.sees("You were not charged.").await;
    let order = by_api.orders().await.expect("orders").items[0].id;
    let payment = by_api.payment(order).await.expect("an answer").expect("a payment");
    assert_eq!(payment.status, PaymentStatus::NotCharged);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_confirmed_too_late_takes_nothing_also_with_javascript_off() {
    let site = Site::with(&["--reservation", "10s"]).await;
    let seller = site.by_api("seller").await;
    let (ticket, other) = (listed(&seller, "Songs of the north").await, listed(&seller, "Songs of the south").await);
    let (scripted, plain) = tokio::join!(site.user("scripted", true), site.user("plain", false));
    tokio::join!(too_late(&site, &scripted, &ticket), too_late(&site, &plain, &other));
}
