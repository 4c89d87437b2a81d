//! What has begun is not for sale: nobody can list, find, order or pay for it.

use std::time::Duration;

use client::{CancelReason, OrderStatus, Price, Seller, TicketFilter, TicketForm, TicketSort, Timestamp};
use testkit::on_both_engines;
use testkit::world::{Engine, World};

on_both_engines!(what_has_begun_cannot_be_listed_found_ordered_or_paid);

/// Less than orders have by default.
const UNTIL_IT_BEGINS: Duration = Duration::from_secs(10 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const INSTANT: Duration = Duration::from_millis(1);

fn concert(title: &str, starts_at: Timestamp) -> TicketForm {
    let price = Price::from_minor_units(20_00).expect("a price");
    TicketForm { starts_at: Some(starts_at.to_string()), ..TicketForm::new(title, price) }
}

/// Lists that everybody can ask for: one that is kept in memory, and others.
fn public_lists() -> [TicketFilter; 4] {
    let all = TicketFilter::default;
    let since_1970 = Some(Timestamp::from_millis(0));
    [
        all(),
        TicketFilter { sort: Some(TicketSort::Soonest), ..all() },
        TicketFilter { sort: Some(TicketSort::Soonest), from: since_1970, ..all() },
        TicketFilter { q: Some("concert".into()), ..all() },
    ]
}

/// All lists have these tickets and no others.
async fn assert_for_sale(world: &World, expected: &[&str]) {
    for filter in public_lists() {
        let listed = world.visitor().tickets(&filter).await.expect("lists").items;
        let mut titles: Vec<_> = listed.iter().map(|ticket| ticket.title.as_str()).collect();
        titles.sort_unstable();
        assert_eq!(titles, expected, "{filter:?}");
    }
}

async fn what_has_begun_cannot_be_listed_found_ordered_or_paid(engine: Engine) {
    let world = World::start(engine).await;
    let (seller, buyer) = (world.user("seller").await, world.user("buyer").await);
    let now = world.clock.now();
    for past in ["1970-01-01T00:00:00Z", "2020-01-01T00:00:00Z", &now.to_string()] {
        let form = concert("Concert of before", Timestamp::parse(past).expect("a moment"));
        let refused = seller.create_ticket(&form).await.expect_err("it has begun");
        assert_eq!(refused.to_string(), "400 Bad Request: Start must be in the future");
    }
    let begins = now + UNTIL_IT_BEGINS;
    let free = seller.create_ticket(&concert("Concert A", begins)).await.expect("lists");
    let ordered = seller.create_ticket(&concert("Concert B", begins)).await.expect("lists");
    seller.create_ticket(&concert("Concert C", now + DAY)).await.expect("lists");
    let order = buyer.create_order(ordered.id).await.expect("reserves");
    assert_eq!(order.expires_at, begins, "not after it begins");
    world.settle().await;

    world.advance(UNTIL_IT_BEGINS - INSTANT);
    assert_for_sale(&world, &["Concert A", "Concert C"]).await;
    world.advance(INSTANT);
    assert_for_sale(&world, &["Concert C"]).await;
    let late = buyer.create_order(free.id).await.expect_err("it has begun");
    assert_eq!(late.to_string(), "400 Bad Request: The event has begun, so this ticket is not for sale any more");
    let late = buyer.pay(order.id, "tok_visa").await.expect_err("it has begun");
    assert_eq!(late.status().map(|status| status.as_u16()), Some(400), "{late}");

    world.settle().await;
    let order = buyer.order(order.id).await.expect("is there");
    assert_eq!((order.status, order.reason), (OrderStatus::Cancelled, Some(CancelReason::Expired)));
    assert_eq!(world.visitor().ticket(ordered.id).await.expect("is there").order_id, None);
    assert_eq!(world.simulator.ledger().await.expect("a ledger").charges(), 0);
    assert_for_sale(&world, &["Concert C"]).await;
    let mine = TicketFilter { seller: Some(Seller::Me), ..TicketFilter::default() };
    assert_eq!(seller.tickets(&mine).await.expect("lists").items.len(), 3);
    seller.edit_ticket(free.id, &concert("Concert A", now + DAY)).await.expect("puts it off");
    assert_for_sale(&world, &["Concert A", "Concert C"]).await;
    world.end().await;
}
