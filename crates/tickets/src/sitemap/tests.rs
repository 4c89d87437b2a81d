use std::collections::HashSet;

use common::id::IdGenerator;
use futures::stream::{self, StreamExt, TryStreamExt};
use proptest::prelude::*;

use super::*;
use crate::domain::{Ticket, TicketListed};
use crate::hot_pages::HotPages;
use crate::testing::{event, start, ticket};

/// More than a part, and than is read at once, and nothing round.
const MANY: usize = PART + 2 * STEP + 1;

fn entries(events: usize, tickets: usize) -> Entries {
    let (slug, ids) = (event("Gala").slug, IdGenerator::seeded(9));
    let tickets = (0..tickets).map(|_| ids.next(Timestamp::from_millis(1000))).collect();
    Entries { read_at: Timestamp::from_millis(0), events: vec![slug; events], tickets }
}

#[test]
fn the_parts_are_full_but_for_the_last_and_there_is_always_one() {
    for (events, tickets, sizes) in [
        (0, 0, vec![(0, 0)]),
        (1, PART - 1, vec![(1, PART - 1)]),
        (1, PART, vec![(1, PART - 1), (0, 1)]),
        (PART, 1, vec![(PART, 0), (0, 1)]),
        (PART + 1, 2 * PART - 1, vec![(PART, 0), (1, PART - 1), (0, PART)]),
    ] {
        let entries = entries(events, tickets);
        assert_eq!(entries.parts(), sizes.len());
        let parts = (1..=sizes.len()).map(|number| entries.part(number).expect("a part"));
        assert_eq!(parts.map(|(events, tickets)| (events.len(), tickets.len())).collect::<Vec<_>>(), sizes);
        assert_eq!((entries.part(0), entries.part(sizes.len() + 1), entries.part(usize::MAX)), (None, None, None));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn together_the_parts_are_everything_in_its_order(events in 0..3 * PART, tickets in 0..3 * PART) {
        let all = entries(events, tickets);
        let parts: Vec<_> = (1..=all.parts()).map(|number| all.part(number).expect("a part")).collect();
        prop_assert!(parts.iter().all(|(events, tickets)| events.len() + tickets.len() <= PART));
        prop_assert_eq!(parts.iter().map(|(events, _)| events.len()).sum::<usize>(), events);
        let told: Vec<_> = parts.iter().flat_map(|(_, tickets)| tickets.iter().copied()).collect();
        prop_assert_eq!(told, all.tickets);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_many_tickets_are_told_of_once_each() {
    let app = start().await;
    let (store, ids) = (app.deps.store::<Ticket>(), &app.deps.platform.ids);
    let now = app.clock.now();
    let many = (0..MANY).map(|_| Ticket { id: ids.next(now), seller: ids.next(now), ..ticket("Row A") });
    let listed: HashSet<TicketId> = stream::iter(many)
        .map(|ticket| store.insert(ticket, &TicketListed))
        .buffer_unordered(256)
        .map_ok(|ticket| ticket.value.id)
        .try_collect()
        .await
        .expect("are listed");
    let parts = app.get("/api/tickets/sitemap").send().await.body["parts"].as_u64().expect("a number");
    assert_eq!(usize::try_from(parts), Ok(MANY.div_ceil(PART)));
    let mut told: Vec<TicketId> = Vec::new();
    for number in 1..=parts {
        let part = app.get(&format!("/api/tickets/sitemap/{number}")).send().await.body;
        let ids = part["tickets"].as_array().expect("tickets").iter();
        told.extend(ids.map(|id| id.as_str().expect("an id").parse::<TicketId>().expect("an id")));
    }
    assert_eq!(told.len(), listed.len());
    assert_eq!(told.into_iter().collect::<HashSet<_>>(), listed);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_after_somebody_gave_up_goes_on_from_there() {
    let app = start().await;
    let tickets = TicketStore::new(app.deps.store(), app.deps.store(), HotPages::default());
    let sitemap = Sitemap::new(Events::new(app.deps.store()), tickets, app.clock.clone());
    let mut reading = Reading::begin(app.clock.now());
    sitemap.read(&mut reading).await.expect("reads the events");
    assert!(matches!(reading.next, Next::Tickets(None)));
    // Had it begun again, this would not be among the entries.
    reading.entries.events.push(event("Gala").slug);
    sitemap.state.lock().await.reading = Some(reading);
    let entries = sitemap.entries().await.expect("reads the tickets");
    assert_eq!(entries.part(1), Some((&[event("Gala").slug][..], &[][..])));
    assert_eq!(*entries, *sitemap.entries().await.expect("are kept"));
}
