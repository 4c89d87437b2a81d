//! Prices are compared in one currency, on both engines.

use std::time::Duration;

use client::{Client, Currency, EventForm, Price, TicketFilter, TicketForm, TicketSort, Venue};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(prices_are_compared_in_one_currency, the_currencies_there_are_follow_the_tickets);

/// Titles, and prices in minor units of a currency.
const TICKETS: [(&str, i64, Option<&str>); 7] = [
    ("Dear in kroner", 261_300, Some("nok")),
    ("Cheap in euros", 7500, Some("eur")),
    ("In dollars", 5000, None),
    ("Dear in euros", 9000, Some("eur")),
    ("Cheap in kroner", 40_000, Some("nok")),
    ("Dear in dollars", 9000, Some("usd")),
    ("Also dear in euros", 9000, Some("eur")),
];

/// Filters, and what is found, in this order.
type Asked = (TicketFilter, &'static [&'static str]);

async fn list_all(world: &World, seller: &Client) {
    for (title, price, currency) in TICKETS {
        let form = TicketForm { currency: currency.map(str::to_owned), ..TicketForm::new(title, minor(price)) };
        seller.create_ticket(&form).await.expect("lists");
        world.advance(Duration::from_millis(1));
    }
}

fn minor(units: i64) -> Price {
    Price::from_minor_units(units).expect("a price")
}

fn by_price(sort: TicketSort, currency: Option<Currency>) -> TicketFilter {
    TicketFilter { sort: Some(sort), currency, ..TicketFilter::default() }
}

/// All pages of it, of two tickets each.
async fn titles(visitor: &Client, filter: TicketFilter) -> Vec<String> {
    let filter = TicketFilter { limit: Some(2), ..filter };
    let mut page = visitor.tickets(&filter).await.expect("a list");
    let mut titles = Vec::new();
    loop {
        titles.extend(page.items.iter().map(|ticket| ticket.title.clone()));
        match visitor.next_page(&page).await.expect("a list") {
            Some(next) => page = next,
            None => return titles,
        }
    }
}

fn asked() -> Vec<Asked> {
    use TicketSort::{Cheapest, Dearest, Newest, Oldest, Soonest};
    let (eur, nok) = (Some(Currency::Eur), Some(Currency::Nok));
    let between = |lowest, highest, filter| TicketFilter {
        min_price: Some(minor(lowest)),
        max_price: Some(minor(highest)),
        ..filter
    };
    vec![
        (by_price(Cheapest, eur), &["Cheap in euros", "Dear in euros", "Also dear in euros"]),
        (by_price(Dearest, eur), &["Also dear in euros", "Dear in euros", "Cheap in euros"]),
        (by_price(Cheapest, nok), &["Cheap in kroner", "Dear in kroner"]),
        (by_price(Cheapest, Some(Currency::Pln)), &[]),
        (by_price(Cheapest, None), &["In dollars", "Dear in dollars"]),
        (by_price(Oldest, eur), &["Cheap in euros", "Dear in euros", "Also dear in euros"]),
        (by_price(Soonest, nok), &["Dear in kroner", "Cheap in kroner"]),
        (between(8000, 50_000, by_price(Oldest, nok)), &["Cheap in kroner"]),
        (between(8000, 50_000, by_price(Cheapest, eur)), &["Dear in euros", "Also dear in euros"]),
        (between(8000, 50_000, by_price(Newest, None)), &["Dear in dollars"]),
        (
            TicketFilter { max_price: Some(minor(300_000)), ..TicketFilter::default() },
            &["Dear in dollars", "In dollars"],
        ),
        (TicketFilter { q: Some("dear".into()), ..by_price(Cheapest, eur) }, &["Dear in euros", "Also dear in euros"]),
        (TicketFilter { q: Some("kroner".into()), ..by_price(Newest, nok) }, &["Cheap in kroner", "Dear in kroner"]),
    ]
}

async fn prices_are_compared_in_one_currency(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    list_all(&world, &seller).await;
    let visitor = world.visitor();
    for (filter, expected) in asked() {
        assert_eq!(titles(&visitor, filter.clone()).await, expected, "{filter:?}");
    }
    let venue = Venue { name: "Halle".into(), city: "Zürich".into(), country: "Schweiz".into() };
    let event = EventForm {
        name: "Gala".into(),
        venue,
        starts_at: "2099-06-12T19:30".into(),
        time_zone: "Europe/Zurich".into(),
        currency: "chf".into(),
        tiers: Vec::new(),
    };
    let event = seller.add_event(&event).await.expect("adds").id;
    for price in [9000, 8000] {
        let form = TicketForm { event_id: Some(event.to_string()), ..TicketForm::new(price.to_string(), minor(price)) };
        seller.create_ticket(&form).await.expect("lists");
    }
    for currency in [None, Some(Currency::Chf)] {
        let filter = TicketFilter { event_id: Some(event), ..by_price(TicketSort::Cheapest, currency) };
        assert_eq!(titles(&visitor, filter).await, ["8000", "9000"], "an event's tickets are in its currency");
    }
    world.end().await;
}

async fn the_currencies_there_are_follow_the_tickets(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let visitor = world.visitor();
    assert_eq!(visitor.currencies().await.expect("a list"), []);
    list_all(&world, &seller).await;
    assert_eq!(visitor.currencies().await.expect("a list"), [Currency::Usd, Currency::Eur, Currency::Nok]);
    for ticket in visitor.tickets(&by_price(TicketSort::Oldest, Some(Currency::Eur))).await.expect("a list").items {
        seller.withdraw_ticket(ticket.id).await.expect("withdraws");
    }
    assert_eq!(visitor.currencies().await.expect("a list"), [Currency::Usd, Currency::Nok]);
    world.end().await;
}
