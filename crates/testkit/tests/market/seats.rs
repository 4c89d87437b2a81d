//! One seller lists a seat once, whether by its event or in words of their own (invariant I17), on both engines.

use client::{Client, Event, EventForm, Price, Ticket, TicketForm, Venue};
use futures::future::join;
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(
    a_seat_is_listed_once_by_its_event_or_in_ones_own_words,
    two_known_events_are_told_apart,
    a_rival_is_seen_in_either_words,
);

async fn gala_in(city: &str, seller: &Client) -> Event {
    let form = EventForm {
        name: "Gala in Łódź".into(),
        venue: Venue { name: "Hala".into(), city: city.into(), country: "Poland".into() },
        starts_at: "2027-06-12T19:30".into(),
        time_zone: "Europe/Warsaw".into(),
        currency: "pln".into(),
        tiers: Vec::new(),
    };
    seller.add_event(&form).await.expect("is added")
}

fn seat(row: &str) -> TicketForm {
    let price = Price::from_minor_units(75_00).expect("a price");
    TicketForm { row: Some(row.into()), seat: Some("12".into()), ..TicketForm::new("One seat", price) }
}

fn to(event: &Event, row: &str) -> TicketForm {
    TicketForm { event_id: Some(event.id.to_string()), ..seat(row) }
}

fn described(row: &str) -> TicketForm {
    let (event, starts_at) = (Some("GALA in Lodz!".into()), Some("2027-06-12T17:30:00Z".into()));
    TicketForm { event, starts_at, ..seat(row) }
}

fn assert_refused(listed: Result<Ticket, client::Error>) {
    assert_eq!(listed.expect_err("is listed already").code(), Some("seat_listed"));
}

async fn a_seat_is_listed_once_by_its_event_or_in_ones_own_words(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let gala = gala_in("Łódź", &seller).await;
    let mut listed = Vec::new();
    for number in 0..10 {
        let row = number.to_string();
        let (by_event, own) = (to(&gala, &row), described(&row));
        let (one, other) = join(seller.create_ticket(&by_event), seller.create_ticket(&own)).await;
        let (ticket, refused) = if one.is_ok() { (one, other) } else { (other, one) };
        listed.push(ticket.expect("one of the two is listed"));
        assert_refused(refused);
    }
    // Once it is sold, neither.
    let order = buyer.create_order(listed[0].id).await.expect("reserves");
    buyer.pay(order.id, "tok_visa").await.expect("pays");
    world.settle().await;
    assert_refused(seller.create_ticket(&to(&gala, "0")).await);
    assert_refused(seller.create_ticket(&described("0")).await);
    world.end().await;
}

async fn two_known_events_are_told_apart(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    let (here, there) = (gala_in("Łódź", &seller).await, gala_in("Warszawa", &seller).await);
    for event in [&here, &there] {
        seller.create_ticket(&to(event, "F")).await.expect("is another seat");
    }
    for again in [to(&here, "F"), to(&there, "F"), described("F")] {
        assert_refused(seller.create_ticket(&again).await);
    }
    world.end().await;
}

async fn a_rival_is_seen_in_either_words(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, rival) = (world.user("seller").await, world.user("rival").await);
    let gala = gala_in("Łódź", &seller).await;
    let known = seller.create_ticket(&to(&gala, "F")).await.expect("lists");
    let own = rival.create_ticket(&described("f")).await.expect("may list it, too");
    for ticket in [known.id, own.id] {
        let shown = seller.ticket(ticket).await.expect("is shown");
        assert!(shown.also_offered, "{shown:?}");
    }
    world.end().await;
}
