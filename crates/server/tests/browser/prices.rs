//! What buyers see who compare: prices in one currency, all tickets to one event, and seats together.

use client::{Client, Event, EventForm, Price, Ticket, TicketForm};

use testkit::browser::Look;
use testkit::shows::winter_ensemble;

use super::site::Site;

fn minor(units: i64) -> Price {
    Price::from_minor_units(units).expect("a price")
}

async fn listed_in(seller: &Client, currency: &str, title: &str, units: i64) -> Ticket {
    let form = TicketForm { currency: Some(currency.into()), ..TicketForm::new(title, minor(units)) };
    seller.create_ticket(&form).await.expect("lists")
}

async fn added(seller: &Client) -> Event {
    let form = EventForm { starts_at: "2027-06-12T19:30".into(), ..winter_ensemble() };
    seller.add_event(&form).await.expect("adds")
}

async fn seat(seller: &Client, event: &Event, number: u32, units: i64) -> Ticket {
    let form = TicketForm {
        event_id: Some(event.id.to_string()),
        row: Some("F".into()),
        seat: Some(number.to_string()),
        ..TicketForm::new(format!("Chair {number}."), minor(units))
    };
    seller.create_ticket(&form).await.expect("lists")
}

async fn prices_are_compared_in_one_currency(scripts: bool) {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    listed_in(&seller, "nok", "An evening in Oslo", 261_300).await;
    listed_in(&seller, "eur", "An evening in Paris", 7500).await;
    // Where there is room the filters are shown by style, which the driver does not believe.
    let visitor = site.visitor_with(Look { width: 360, height: 740, ..Look::with_scripts(scripts) }).await;
    visitor.open("/").await;
    visitor.sees("An evening in Oslo").await;
    visitor.press("Filter and sort").await;
    visitor.choose("Sort by", "Highest price first").await;
    if !scripts {
        visitor.press("Search").await;
    }
    visitor.sees("Only tickets in EUR are compared.").await;
    visitor.sees("An evening in Paris").await;
    visitor.sees_no_more("An evening in Oslo").await;
    if !scripts {
        visitor.press("Filter and sort").await;
    }
    visitor.choose("Currency", "NOK").await;
    if !scripts {
        visitor.press("Search").await;
    }
    visitor.sees("Only tickets in NOK are compared.").await;
    visitor.sees("An evening in Oslo").await;
    visitor.sees_no_more("An evening in Paris").await;
    assert_eq!(visitor.value("Currency").await, "nok");
    assert_eq!(visitor.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_compares_prices_in_one_currency() {
    prices_are_compared_in_one_currency(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_compares_prices_in_one_currency_with_javascript_off() {
    prices_are_compared_in_one_currency(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_tickets_to_an_event_are_one_card_that_follows_what_happens() {
    let site = Site::open().await;
    let (seller, buyer) = tokio::join!(site.by_api("seller"), site.by_api("buyer"));
    let event = added(&seller).await;
    let tickets = [seat(&seller, &event, 1, 7500).await, seat(&seller, &event, 5, 8000).await];
    listed_in(&seller, "eur", "An evening in Paris", 9000).await;
    let visitor = site.visitor(true).await;
    visitor.open("/").await;
    visitor.sees("from €75.00 · 2 tickets").await;
    visitor.sees("3 tickets").await;
    assert_eq!(visitor.count(".card").await, 2);
    assert!(!visitor.text().await.contains("Chair"));
    seat(&seller, &event, 9, 7000).await;
    visitor.sees("from €70.00 · 3 tickets").await;
    assert!(!visitor.text().await.contains("new ticket"), "the card tells of it");
    for (ticket, left) in tickets.iter().zip(["from €70.00 · 2 tickets", "€70.00 · 1 ticket"]) {
        buyer.create_order(ticket.id).await.expect("reserves");
        visitor.sees(left).await;
    }
    assert_eq!(visitor.count(".card").await, 2, "nothing moves");
    visitor.follow("The Winter Ensemble").await;
    visitor.is_headed("The Winter Ensemble").await;
    assert_eq!(visitor.path().await, format!("/e/{}", event.slug));
    assert_eq!(visitor.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_an_event_says_when_there_are_no_more_tickets() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    let event = added(&seller).await;
    let tickets = [seat(&seller, &event, 1, 7500).await, seat(&seller, &event, 5, 8000).await];
    let visitor = site.visitor(true).await;
    visitor.open("/").await;
    visitor.sees("from €75.00 · 2 tickets").await;
    for ticket in tickets {
        seller.withdraw_ticket(ticket.id).await.expect("withdraws");
    }
    visitor.sees("No tickets at the moment").await;
    seat(&seller, &event, 9, 7000).await;
    visitor.sees("€70.00 · 1 ticket").await;
}

async fn seats_together_can_be_seen_alone(scripts: bool) {
    let site = Site::open().await;
    let (seller, other) = tokio::join!(site.by_api("seller"), site.by_api("other"));
    let event = added(&seller).await;
    let [.., eleven] = [seat(&seller, &event, 12, 8000).await, seat(&seller, &event, 11, 9000).await];
    seat(&seller, &event, 20, 7000).await;
    seat(&other, &event, 13, 6000).await;
    let visitor = site.visitor(scripts).await;
    visitor.open(&format!("/e/{}", event.slug)).await;
    visitor.sees("Chair 13.").await;
    visitor.follow("2 together").await;
    visitor.sees("Each is bought by itself.").await;
    let shown = visitor.text().await;
    assert!(shown.contains("Chair 11.") && shown.contains("Chair 12."), "{shown}");
    assert!(!shown.contains("Chair 13.") && !shown.contains("Chair 20."), "{shown}");
    let buyer = site.by_api("buyer").await;
    buyer.create_order(eleven.id).await.expect("reserves");
    if !scripts {
        visitor.reload().await;
    }
    visitor.sees("Nobody offers so many seats together at the moment.").await;
    visitor.follow("Any number").await;
    visitor.sees("Chair 20.").await;
    assert_eq!(visitor.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_with_others_finds_seats_together() {
    seats_together_can_be_seen_alone(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_with_others_finds_seats_together_with_javascript_off() {
    seats_together_can_be_seen_alone(false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_tickets_for_an_event_are_for_no_other() {
    let site = Site::open().await;
    let seller = site.by_api("seller").await;
    for (title, event, venue) in [
        ("Home", "A vs B", "Dome, Leeds"),
        ("Return match", "B vs A", "Arena, York"),
        ("Also home", "A vs B", "Dome, Leeds"),
        ("In another city", "A vs B", "Arena, York"),
    ] {
        let (event, venue) = (Some(event.into()), Some(venue.into()));
        let form = TicketForm { event, venue, ..TicketForm::new(title, minor(2000)) };
        seller.create_ticket(&form).await.expect("lists");
    }
    let visitor = site.visitor(false).await;
    visitor.open("/").await;
    visitor.follow("Also home").await;
    visitor.follow("More tickets for A vs B").await;
    visitor.sees("Only tickets for A vs B · Dome, Leeds").await;
    visitor.sees("2 tickets").await;
    let shown = visitor.text().await;
    assert!(!shown.contains("Return match") && !shown.contains("In another city"), "{shown}");
    visitor.follow("Show all others, too").await;
    visitor.sees("Return match").await;
}
