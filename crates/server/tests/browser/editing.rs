use client::{Price, Ticket, TicketForm};
use testkit::browser::Browser;

use super::site::{Site, listed, page_of, review_and_list};

const REFUSED: &str = "Cannot edit a reserved ticket";

async fn open_edit_page(seller: &Browser, ticket: &Ticket) {
    seller.open(&page_of(ticket)).await;
    seller.follow("Edit").await;
    seller.is_headed("Edit ticket").await;
}

async fn a_locked_ticket_stays_as_it_is(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    let ticket = listed(&by_api, "Brass in the park").await;
    open_edit_page(&seller, &ticket).await;
    assert_eq!(seller.value("Title").await, "Brass in the park");
    let order = site.by_api("buyer").await.create_order(ticket.id).await.expect("reserves");
    let is_locked = async |_: &Browser| by_api.ticket(ticket.id).await.expect("the ticket").order_id == Some(order.id);
    seller.until("the ticket is not locked", is_locked).await;

    // The page was opened in time, the form is submitted too late. With JavaScript the page is notified.
    if seller.offers("Save changes").await {
        seller.fill("Price", "99").await;
        seller.press("Save changes").await;
    }
    seller.sees(REFUSED).await;
    seller.open(&format!("{}/edit", page_of(&ticket))).await;
    seller.sees(REFUSED).await;
    assert!(!seller.offers("Save changes").await, "what is locked cannot be edited");
    assert_eq!(by_api.ticket(ticket.id).await.expect("the ticket").price, ticket.price);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_ticket_cannot_be_edited() {
    a_locked_ticket_stays_as_it_is(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_ticket_cannot_be_edited_with_javascript_off() {
    a_locked_ticket_stays_as_it_is(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_price_reaches_open_pages() {
    let site = Site::open().await;
    let ((seller, by_api), visitor) = tokio::join!(site.user("seller", true), site.visitor(true));
    let ticket = listed(&by_api, "Brass in the park").await;
    visitor.open(&page_of(&ticket)).await;
    visitor.sees("$20.50").await;
    open_edit_page(&seller, &ticket).await;
    seller.fill("Price", "25").await;
    seller.press("Save changes").await;
    seller.is_headed("Brass in the park").await;
    seller.sees("$25.00").await;
    visitor.sees("$25.00").await;
    visitor.sees_no_more("$20.50").await;
}

async fn mistakes_are_explained_and_nothing_typed_is_lost(scripts: bool) {
    let site = Site::open().await;
    let (seller, _) = site.user("seller", scripts).await;
    seller.open("/sell").await;
    seller.fill("Title", "Brass in the park").await;
    seller.fill("Price", "0").await;
    seller.fill("Venue", "Harbour Hall").await;
    seller.press("Review listing").await;
    seller.sees("Price must be greater than 0").await;
    assert_eq!(seller.heading().await, "Sell a ticket");
    assert_eq!(seller.value("Title").await, "Brass in the park");
    assert_eq!(seller.value("Venue").await, "Harbour Hall");
    seller.fill("Price", "15").await;
    review_and_list(&seller, "Brass in the park").await;
    seller.sees("$15.00").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_explained_where_they_are() {
    mistakes_are_explained_and_nothing_typed_is_lost(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_explained_where_they_are_with_javascript_off() {
    mistakes_are_explained_and_nothing_typed_is_lost(false).await;
}

async fn two_tabs_do_not_undo_each_other(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    let ticket = listed(&by_api, "Brass in the park").await;
    open_edit_page(&seller, &ticket).await;
    // Another tab of the same seller.
    let price = Price::from_minor_units(2500).expect("a price");
    by_api.edit_ticket(ticket.id, &TicketForm::new("Brass in the hall", price)).await.expect("edits");

    seller.fill("Title", "Brass on the square").await;
    seller.press("Save changes").await;
    seller.sees("This ticket has been changed in the meantime").await;
    for shown in ["Brass in the hall", "Brass on the square", "$25.00", "$20.50"] {
        seller.sees(shown).await;
    }
    let now = by_api.ticket(ticket.id).await.expect("the ticket");
    assert_eq!((now.title.as_str(), now.price), ("Brass in the hall", price), "nothing is saved yet");
    assert_eq!(seller.value("Title").await, "Brass on the square");
    seller.press("Save over it").await;
    seller.is_headed("Brass on the square").await;
    seller.sees("$20.50").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_tab_asks_before_it_saves() {
    two_tabs_do_not_undo_each_other(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_tab_asks_before_it_saves_with_javascript_off() {
    two_tabs_do_not_undo_each_other(false).await;
}
