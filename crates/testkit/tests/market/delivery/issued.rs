//! What is issued here, from its organiser to the door.

use client::{Client, DeliveryForm, DeliveryState, Event, Order, Price, Scan, ScanAnswer, TicketForm};
use testkit::on_both_engines;
use testkit::shows::winter_ensemble;
use testkit::world::{Engine, PRICE, World};

use super::bought;

on_both_engines!(what_is_issued_is_sold_on_and_lets_one_person_in);

/// Offers a place to the event, which they organise or have by an order, and sells it.
async fn sold(world: &World, event: &Event, seller: &Client, bought_by: Option<&Order>, buyer: &Client) -> Order {
    let form = TicketForm {
        event_id: Some(event.id.to_string()),
        row: Some("C".into()),
        seat: Some("7".into()),
        delivery: Some(DeliveryForm::Ours { bought_by: bought_by.map(|order| order.id.to_string()) }),
        ..TicketForm::new("Row C, seat 7", Price::from_minor_units(PRICE).expect("a price"))
    };
    let ticket = seller.create_ticket(&form).await.expect("lists");
    world.settle().await;
    bought(world, buyer, ticket.id).await
}

/// What lets in whoever has bought it.
async fn code(buyer: &Client, order: &Order) -> String {
    let delivery = buyer.delivery(order.id).await.expect("is there");
    assert_eq!((delivery.state, delivery.codes.len()), (DeliveryState::Released, 1));
    delivery.codes[0].text.clone()
}

async fn what_is_issued_is_sold_on_and_lets_one_person_in(engine: Engine) {
    let world = World::start(engine).await;
    let (organiser, ada, bob) = (world.user("organiser").await, world.user("ada").await, world.user("bob").await);
    let event = organiser.add_event(&winter_ensemble()).await.expect("adds");
    world.organise(event.id, &organiser).await;
    let first = sold(&world, &event, &organiser, None, &ada).await;
    let old = code(&ada, &first).await;
    let second = sold(&world, &event, &ada, Some(&first), &bob).await;
    let new = code(&bob, &second).await;
    assert_eq!(ada.delivery(first.id).await.expect("is there").state, DeliveryState::Resold);
    let scan = |code: &str| Scan { code: code.into(), at: world.clock.now(), id: "1".into() };
    for (door, code, expected) in [
        ("North", &old, ScanAnswer::Void),
        ("North", &new, ScanAnswer::Admitted),
        ("South", &new, ScanAnswer::Already { at: world.clock.now(), door: "North".into() }),
    ] {
        let answers = organiser.check_in(event.id, door, &[scan(code)]).await.expect("answers");
        assert_eq!(answers[0].answer, expected, "{door}");
    }
    assert_eq!(world.dead_letters().await, []);
    world.end().await;
}
