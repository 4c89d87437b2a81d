use client::{Client, Seller, Ticket, TicketFilter};
use testkit::browser::Browser;

use super::site::{Site, review_and_list};

const REVIEW: &str = "Review your listing";

async fn fill(seller: &Browser, title: &str) {
    seller.fill("Title", title).await;
    seller.fill("Price", "15").await;
}

/// By the browser's button, to the page of this heading.
async fn go_back(seller: &Browser, heading: &str) {
    seller.go_back().await;
    seller.is_headed(heading).await;
    seller.is_loaded().await;
}

async fn listings(by_api: &Client) -> Vec<Ticket> {
    let mine = TicketFilter { seller: Some(Seller::Me), ..TicketFilter::default() };
    by_api.tickets(&mine).await.expect("a page").items
}

async fn a_form_lists_one_ticket(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    seller.open("/sell").await;
    fill(&seller, "Brass in the park").await;
    review_and_list(&seller, "Brass in the park").await;
    let first = seller.path().await;

    go_back(&seller, REVIEW).await;
    seller.press("List ticket").await;
    seller.is_headed("Brass in the park").await;
    assert_eq!((seller.path().await, listings(&by_api).await.len()), (first.clone(), 1), "listed again it is the same");

    go_back(&seller, REVIEW).await;
    go_back(&seller, "Sell a ticket").await;
    fill(&seller, "Brass in the park").await;
    review_and_list(&seller, "Brass in the park").await;
    assert_eq!((seller.path().await, listings(&by_api).await.len()), (first, 1), "back and send again lists one");

    go_back(&seller, REVIEW).await;
    go_back(&seller, "Sell a ticket").await;
    fill(&seller, "Songs of the north").await;
    seller.press("Review listing").await;
    seller.is_headed(REVIEW).await;
    seller.press("List ticket").await;
    seller.sees("You have sent this form before").await;
    assert_eq!((seller.value("Title").await.as_str(), listings(&by_api).await.len()), ("Songs of the north", 1));
    review_and_list(&seller, "Songs of the north").await;
    assert_eq!(listings(&by_api).await.len(), 2);
}

async fn what_is_reviewed_can_be_changed(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    seller.open("/sell").await;
    fill(&seller, "Brass in the park").await;
    seller.fill("Venue", "Harbour Hall").await;
    seller.press("Review listing").await;
    seller.is_headed(REVIEW).await;
    for shown in ["Nothing is for sale yet", "Brass in the park", "Harbour Hall", "$15.00"] {
        seller.sees(shown).await;
    }
    assert_eq!(listings(&by_api).await, []);
    seller.press("Change").await;
    seller.is_headed("Sell a ticket").await;
    assert_eq!(seller.value("Venue").await, "Harbour Hall");
    seller.fill("Price", "25").await;
    review_and_list(&seller, "Brass in the park").await;
    seller.sees("$25.00").await;
    assert_eq!(listings(&by_api).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_be_for_sale_is_shown_first_and_can_be_changed() {
    what_is_reviewed_can_be_changed(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_be_for_sale_is_shown_first_and_can_be_changed_with_javascript_off() {
    what_is_reviewed_can_be_changed(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_and_sending_again_lists_one_ticket() {
    a_form_lists_one_ticket(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn going_back_and_sending_again_lists_one_ticket_with_javascript_off() {
    a_form_lists_one_ticket(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_for_sale_once() {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", false).await;
    let fill_in_seat = async || {
        seller.open("/sell").await;
        fill(&seller, "Brass in the park").await;
        seller.fill("Event", "Brass").await;
        seller.fill("Seat", "12").await;
    };
    fill_in_seat().await;
    review_and_list(&seller, "Brass in the park").await;
    fill_in_seat().await;
    seller.press("Review listing").await;
    seller.sees("You are selling this seat already").await;
    assert_eq!((seller.value("Seat").await.as_str(), listings(&by_api).await.len()), ("12", 1));
}

async fn a_form_is_sent_too_often(scripts: bool) {
    // To look at a ticket before it is listed counts like any change.
    let site = Site::with(&["--limit-user", "2/1h"]).await;
    let (seller, by_api) = site.user("seller", scripts).await;
    seller.open("/sell").await;
    fill(&seller, "Brass in the park").await;
    review_and_list(&seller, "Brass in the park").await;
    seller.open("/sell").await;
    fill(&seller, "Songs of the north").await;
    seller.press("Review listing").await;
    seller.sees("Please wait a moment").await;
    seller.sees("There were too many attempts. Try again in ").await;
    assert_eq!((seller.value("Title").await.as_str(), listings(&by_api).await.len()), ("Songs of the north", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_too_often_is_still_there() {
    a_form_is_sent_too_often(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_too_often_is_still_there_with_javascript_off() {
    a_form_is_sent_too_often(false).await;
}
