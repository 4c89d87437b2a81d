//! Whoever sells or reads, and wherever they are: an event begins when the clocks at its venue say so.

use client::{EventForm, TicketFilter};
use testkit::shows::winter_ensemble;

use super::site::Site;

async fn a_seller_types_what_the_clocks_at_the_venue_show(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    seller.open("/sell").await;
    seller.fill("Title", "Brass in the park").await;
    seller.fill("Price", "15").await;
    seller.fill("Date and time", "2027-06-12T19:30").await;
    seller.fill("Time zone", "Europe/Berlin").await;
    seller.press("Review listing").await;
    seller.is_headed("Review your listing").await;
    let shown = seller.text().await.replace('\u{202f}', " ");
    assert!(shown.contains("Sat, Jun 12, 2027, 7:30 PM (Berlin time)"), "{shown}");
    seller.press("List ticket").await;
    seller.is_headed("Brass in the park").await;
    let listed = by_api.tickets(&TicketFilter::default()).await.expect("a page").items.remove(0);
    let starts = listed.details.starts_there().expect("a time at a place");
    assert_eq!(starts.to_string(), "2027-06-12T19:30:00+02:00[Europe/Berlin]");
    let visitor = site.visitor(scripts).await;
    for path in ["/".to_owned(), super::site::page_of(&listed)] {
        visitor.open(&path).await;
        visitor.sees("(Berlin time)").await;
        let shown = visitor.text().await.replace('\u{202f}', " ");
        assert!(shown.contains("Sat, Jun 12, 2027, 7:30 PM (Berlin time)"), "{shown}");
    }
    if scripts {
        visitor.sees("your time").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_venue_is_typed_and_shown() {
    a_seller_types_what_the_clocks_at_the_venue_show(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_of_the_venue_is_typed_and_shown_with_javascript_off() {
    a_seller_types_what_the_clocks_at_the_venue_show(false).await;
}

async fn another_title_leaves_the_hour(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    // The second of two hours that clocks show as half past two.
    let form = client::TicketForm {
        starts_at: Some("2027-10-31T02:30:00+01:00".into()),
        time_zone: Some("Europe/Berlin".into()),
        ..client::TicketForm::new("All night long", client::Price::from_minor_units(2000).expect("a price"))
    };
    let ticket = by_api.create_ticket(&form).await.expect("lists");
    seller.open(&format!("{}/edit", super::site::page_of(&ticket))).await;
    seller.fill("Title", "All night, both hours").await;
    seller.press("Save changes").await;
    seller.is_headed("All night, both hours").await;
    let edited = by_api.ticket(ticket.id).await.expect("the ticket");
    assert_eq!(edited.details, ticket.details);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_title_does_not_move_a_repeated_hour() {
    another_title_leaves_the_hour(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_title_does_not_move_a_repeated_hour_with_javascript_off() {
    another_title_leaves_the_hour(false).await;
}

async fn selling_begins_with_the_event(scripts: bool) {
    let site = Site::open().await;
    let (seller, by_api) = site.user("seller", scripts).await;
    let event = EventForm { starts_at: "2027-06-12T19:30".into(), ..winter_ensemble() };
    let event = by_api.add_event(&event).await.expect("adds");
    seller.open("/sell").await;
    seller.fill("Price", "75").await;
    seller.fill("Find an event", "wint").await;
    seller.press("Find").await;
    seller.sees("The Winter Ensemble").await;
    seller.follow("The Winter Ensemble").await;
    seller.sees("All tickets to it are sold in EUR.").await;
    seller.fill("Title", "Two together").await;
    if scripts {
        // Where there is no script, what is typed on a page cannot know of a link on it.
        seller.follow("Another event").await;
        seller.fill("Find an event", "wint").await;
        seller.sees("The Winter Ensemble").await;
        seller.fill("Title", "Two together").await;
        seller.follow("The Winter Ensemble").await;
        seller.sees("All tickets to it are sold in EUR.").await;
        assert_eq!(seller.value("Title").await, "Two together");
    }
    assert_eq!(seller.value("Price").await, "75", "what was typed goes along");
    super::site::review_and_list(&seller, "Two together").await;
    let visitor = site.visitor(scripts).await;
    visitor.open(&format!("/e/{}", event.slug)).await;
    visitor.is_headed("The Winter Ensemble").await;
    visitor.sees("€75.00 · 1 ticket").await;
    visitor.follow("Two together").await;
    visitor.follow("More tickets for The Winter Ensemble").await;
    visitor.is_headed("The Winter Ensemble").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_finds_the_event_and_a_buyer_its_tickets() {
    selling_begins_with_the_event(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seller_finds_the_event_and_a_buyer_its_tickets_with_javascript_off() {
    selling_begins_with_the_event(false).await;
}
