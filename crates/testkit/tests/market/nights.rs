//! The nights of one show, which are many events that are called alike: all are within reach, on both engines.

use client::{Client, EventFilter, EventForm, Venue};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(every_night_is_found);

/// The nights of June, in the order in which they are.
const NIGHTS: u32 = 23;

fn night(number: u32) -> EventForm {
    EventForm {
        name: "Long Run".into(),
        venue: Venue { name: "Halle".into(), city: "Zürich".into(), country: "Schweiz".into() },
        starts_at: format!("2098-06-{number:02}T23:30"),
        time_zone: "Europe/Zurich".into(),
        currency: "chf".into(),
        tiers: Vec::new(),
    }
}

/// The days of all nights that are found, whichever page they are on, and how many pages there are.
async fn found(visitor: &Client, filter: &EventFilter) -> (Vec<String>, usize) {
    let (mut days, mut pages) = (Vec::new(), 1);
    let mut page = visitor.events(filter).await.expect("a page");
    loop {
        days.extend(page.items.iter().map(|event| event.starts_there().wall_time().day()));
        let Some(next) = visitor.next_page(&page).await.expect("an answer") else { return (days, pages) };
        (page, pages) = (next, pages + 1);
    }
}

async fn every_night_is_found(engine: Engine) {
    let world = World::start(engine).await;
    let seller = world.user("seller").await;
    // Added in another order than they take place in.
    for number in (1..=NIGHTS).rev() {
        seller.add_event(&night(number)).await.expect("adds");
    }
    let days = |from: u32, to: u32| -> Vec<String> { (from..=to).map(|day| format!("2098-06-{day:02}")).collect() };
    let (visitor, q) = (world.visitor(), Some("long run".to_owned()));
    let day = |number: u32| Some(format!("2098-06-{number:02}"));
    for (filter, expected) in [
        (EventFilter { q: q.clone(), ..EventFilter::default() }, (days(1, NIGHTS), 3)),
        (EventFilter { limit: Some(100), ..EventFilter::default() }, (days(1, NIGHTS), 1)),
        (EventFilter { from_day: day(5), to_day: day(9), limit: Some(2), ..EventFilter::default() }, (days(5, 9), 3)),
        (EventFilter { q, from_day: day(NIGHTS), ..EventFilter::default() }, (days(NIGHTS, NIGHTS), 1)),
        (EventFilter { to_day: day(1), ..EventFilter::default() }, (days(1, 1), 1)),
    ] {
        assert_eq!(found(&visitor, &filter).await, expected, "{filter:?}");
    }
    world.end().await;
}
