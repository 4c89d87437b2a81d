use common::delivery::{Seal, SealMode};
use common::events::{DeliveryMissed, DeliveryReleased, DeliverySealed, EventDetails, TicketCreated, TicketSnapshot};
use common::id::EventId;
use common::version::Version;
use harness::TestUser;
use serde_json::{Value, json};

use crate::service_testing::*;

async fn state_of(app: &App, seller: &TestUser, ticket: &TicketSnapshot) -> Value {
    app.sealing(seller, ticket).await.body["state"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisers_listing_is_for_sale_and_nobody_elses() {
    let app = start().await;
    let (organiser, eve) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let (ticket, refused) = (app.offered(&organiser, event, None).await, app.offered(&eve, event, None).await);
    let told = DeliverySealed {
        ticket_id: ticket.id,
        version: Version(1),
        seal: Seal(1),
        checked: true,
        mode: SealMode::Ours,
        of_version: Some(ticket.version),
    };
    assert_eq!(app.published::<DeliverySealed>().await, [told]);
    let sealing = app.sealing(&eve, &refused).await.body;
    let why = "Only the organiser of the event can sell a ticket that is issued here";
    assert_eq!((&sealing["state"], &sealing["refusal"]), (&json!("refused"), &json!(why)));
    app.organise(&eve, event).await;
    assert_eq!(state_of(&app, &eve, &refused).await, "pending", "an operator has said that they organise it too");
    assert_eq!(app.upload(&organiser, &ticket, pdf("CODE=A1")).await.codes(), ["not_by_upload"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bought_has_a_code_that_lets_its_buyer_in() {
    let app = start().await;
    let (organiser, buyer, eve) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let ticket = app.issued(&organiser, event, None).await;
    let order = app.order(&buyer, &ticket);
    app.publish("orders", &order).await;
    app.settle().await;
    assert_eq!(app.delivery(&buyer, order.id).await.body["codes"], json!([]), "it is not paid");
    for _ in 0..2 {
        app.publish("orders", &order_completed(&order)).await;
    }
    app.settle().await;
    let delivery = app.delivery(&buyer, order.id).await.body;
    assert_eq!((&delivery["state"], &delivery["mode"]), (&json!("released"), &json!("ours")));
    assert_eq!(delivery["codes"][0]["symbology"], "qr");
    assert_eq!(app.delivery(&eve, order.id).await.status, 401);
    assert_eq!(app.delivery(&organiser, order.id).await.status, 401);
    assert_eq!(app.published::<DeliveryReleased>().await.len(), 1);
    let code = app.code(&buyer, order.id).await;
    assert_eq!(app.code(&buyer, order.id).await, code, "it is the same whenever it is asked for");
    assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "admitted");
    let keys = app.get(&format!("/api/deliveries/events/{event}/keys")).send().await.body;
    assert_eq!(keys["keys"][0]["id"], 1);
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn once_it_is_sold_on_the_old_code_is_void_and_the_new_one_lets_in() {
    let app = start().await;
    let (organiser, ada, bob) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let first = app.bought(&ada, &app.issued(&organiser, event, None).await).await;
    let old = app.code(&ada, first.id).await;
    assert_eq!(app.delivery(&ada, first.id).await.body["offeredAs"], json!(null));
    let listing = app.issued(&ada, event, Some(first.id)).await;
    assert_eq!(app.delivery(&ada, first.id).await.body["offeredAs"], json!(listing.id));
    let second = app.bought(&bob, &listing).await;
    let new = app.code(&bob, second.id).await;
    let resold = app.delivery(&ada, first.id).await.body;
    assert_eq!((&resold["state"], &resold["codes"]), (&json!("resold"), &json!([])));
    assert_eq!(resold["offeredAs"], json!(null));
    let scans = app.check_in(&organiser, event, "North", &[("1", &old), ("2", &new)]).await;
    assert_eq!((&scans[0]["answer"], &scans[1]["answer"]), (&json!("void"), &json!("admitted")));
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

/// Ada offers her place again, and goes in with it all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_its_holder_goes_in_with_is_taken_off_the_market() {
    let app = start().await;
    let (organiser, ada, bob) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let first = app.bought(&ada, &app.issued(&organiser, event, None).await).await;
    let (code, listing) = (app.code(&ada, first.id).await, app.issued(&ada, event, Some(first.id)).await);
    let used = async || {
        let told = app.published::<DeliverySealed>().await;
        let told = told.into_iter().filter(|told| told.mode == SealMode::Used);
        told.map(|told| (told.ticket_id, told.seal)).collect::<Vec<_>>()
    };
    assert_eq!(used().await, Vec::new());
    assert_eq!(app.delivery(&ada, first.id).await.body.get("usedAt"), None);
    for _ in 0..2 {
        let scans = app.check_in(&organiser, event, "North", &[("1", &code), ("2", &code)]).await;
        assert_eq!((&scans[0]["answer"], &scans[1]["answer"]), (&json!("admitted"), &json!("already")));
        app.settle().await;
        assert_eq!(used().await, [(listing.id, Seal(2))], "the listing is told once");
    }
    let sealing = app.sealing(&ada, &listing).await.body;
    assert_eq!((&sealing["state"], &sealing["pendingSeal"]), (&json!("refused"), &json!(null)));
    assert_eq!(sealing["refusal"], "The ticket of the order that you name has been used");
    let bought = app.delivery(&ada, first.id).await.body;
    assert_eq!((&bought["state"], &bought["usedAt"]), (&json!("released"), &json!(app.clock.now().to_string())));
    // Somebody has reserved it before the listing was withdrawn.
    let second = app.bought(&bob, &listing).await;
    assert_eq!(app.delivery(&bob, second.id).await.body["state"], "missed");
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_a_place_sells_it_on_and_in_one_listing() {
    let app = start().await;
    let (organiser, ada, eve) = (app.user(), app.user(), app.user());
    let (event, another) = (app.organised_by(&organiser).await, app.new_event());
    let order = Some(app.bought(&ada, &app.issued(&organiser, event, None).await).await.id);
    assert_eq!(state_of(&app, &eve, &app.offered(&eve, event, order).await).await, "refused");
    assert_eq!(state_of(&app, &ada, &app.offered(&ada, another, order).await).await, "refused");
    let mut listed = app.issued(&ada, event, order).await;
    let twice = app.offered(&ada, event, order).await;
    let sealing = app.sealing(&ada, &twice).await.body;
    assert_eq!(sealing["refusal"], "This ticket is for sale here already, or was sold here.");
    app.change(&mut listed, |ticket| ticket.withdrawn = true).await;
    assert_eq!(state_of(&app, &ada, &app.offered(&ada, event, order).await).await, "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_is_about_something_else_gives_the_place_up() {
    let app = start().await;
    let (organiser, ada) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = Some(app.bought(&ada, &app.issued(&organiser, event, None).await).await.id);
    let mut listed = app.issued(&ada, event, order).await;
    app.change(&mut listed, |ticket| ticket.details.delivery = sealed(0)).await;
    assert_eq!(state_of(&app, &ada, &app.offered(&ada, event, order).await).await, "pending");
    app.change(&mut listed, |ticket| ticket.details.delivery = ours(0, order)).await;
    assert_eq!(state_of(&app, &ada, &listed).await, "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_is_sold_on_as_what_it_is() {
    let app = start().await;
    let (organiser, ada) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = Some(app.bought(&ada, &app.issued(&organiser, event, None).await).await.id);
    let mut listed = app.issued(&ada, event, order).await;
    app.change(&mut listed, |ticket| {
        (ticket.details.row, ticket.details.delivery) = (Some("A".into()), ours(0, order));
    })
    .await;
    let sealing = app.sealing(&ada, &listed).await.body;
    assert_eq!(sealing["refusal"], "The ticket of the order that you name is for another place than this one");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_asks_again_is_told_again_by_a_greater_seal() {
    let app = start().await;
    let organiser = app.user();
    let event = app.organised_by(&organiser).await;
    let mut ticket = app.issued(&organiser, event, None).await;
    app.change(&mut ticket, |ticket| ticket.details.delivery = sealed(0)).await;
    app.change(&mut ticket, |ticket| ticket.details.delivery = ours(0, None)).await;
    let told = app.published::<DeliverySealed>().await;
    let told: Vec<_> = told.iter().map(|event| (event.seal.0, event.of_version)).collect();
    assert_eq!(told, [(1, Some(Version(0))), (2, Some(Version(3)))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_in_with_what_they_have_for_sale_does_not_sell_it() {
    let app = start().await;
    let (organiser, ada, bob) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let first = app.bought(&ada, &app.issued(&organiser, event, None).await).await;
    let listed = app.issued(&ada, event, Some(first.id)).await;
    let code = app.code(&ada, first.id).await;
    assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "admitted");
    let second = app.bought(&bob, &listed).await;
    let missed = DeliveryMissed { order_id: second.id, version: Version(1), ticket_id: listed.id };
    assert_eq!(app.published::<DeliveryMissed>().await, [missed], "the buyer gets their money back");
    assert_eq!(app.delivery(&bob, second.id).await.body["state"], "missed");
    assert_eq!(state_of(&app, &ada, &app.offered(&ada, event, Some(first.id)).await).await, "refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_issued_here_is_not_sold_as_something_of_ones_own() {
    let app = start().await;
    let (organiser, ada) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.bought(&ada, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&ada, order.id).await;
    let ticket = app.listed(&ada, sealed(0)).await;
    let refused = app.type_code(&ada, &ticket, json!({"code": code})).await;
    assert_eq!((refused.status, refused.codes()), (400, vec!["issued_here"]));
}

/// What is published of tickets and orders comes from two streams, in whichever order.
#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_is_heard_of_before_the_order_that_it_names_is_decided_once_that_is_known() {
    let app = start().await;
    let (organiser, ada) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.order(&ada, &app.issued(&organiser, event, None).await);
    let mut early = app.listing(&ada, ours(0, Some(order.id)));
    early.details.event_id = Some(event);
    app.publish("tickets", &TicketCreated(early.clone())).await;
    app.settle().await;
    assert_eq!(state_of(&app, &ada, &early).await, "refused");
    app.publish("orders", &order).await;
    app.publish("orders", &order_completed(&order)).await;
    app.settle().await;
    assert_eq!(state_of(&app, &ada, &early).await, "pending");
}

/// A listing of a numbered place.
async fn offered_seat(app: &App, seller: &TestUser, event: EventId, [section, row, seat]: [&str; 3]) -> TicketSnapshot {
    let mut ticket = app.listing(seller, ours(0, None));
    ticket.details.event_id = Some(event);
    ticket.details.section = Some(section.into());
    ticket.details.row = Some(row.into());
    ticket.details.seat = Some(seat.into());
    app.publish("tickets", &TicketCreated(ticket.clone())).await;
    app.settle().await;
    ticket
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_organisers_who_list_one_numbered_place_one_may_sell_it() {
    let app = start().await;
    let (ada, bob) = (app.user(), app.user());
    let (event, another) = (app.organised_by(&ada).await, app.organised_by(&bob).await);
    app.organise(&bob, event).await;
    let mut first = offered_seat(&app, &ada, event, ["A", "1", "1"]).await;
    assert_eq!(state_of(&app, &ada, &first).await, "pending");
    for (seller, names) in [(&bob, ["A", "1", "1"]), (&bob, [" a", "01 ", "1."]), (&ada, ["A", "1", "1"])] {
        let sealing = app.sealing(seller, &offered_seat(&app, seller, event, names).await).await.body;
        let why = "This place is for sale here already, or was sold here.";
        assert_eq!((&sealing["state"], &sealing["refusal"]), (&json!("refused"), &json!(why)), "{names:?}");
    }
    let mut next = offered_seat(&app, &bob, event, ["A", "1", "2"]).await;
    for (event, names) in [(another, ["A", "1", "1"]), (event, ["B", "1", "1"])] {
        let other = offered_seat(&app, &bob, event, names).await;
        assert_eq!(state_of(&app, &bob, &other).await, "pending", "{names:?}");
    }
    assert_eq!(state_of(&app, &bob, &next).await, "pending");
    // The claims are confirmed, so that nothing clears them away.
    app.clock.advance(2 * HOUR);
    app.settle().await;
    // It becomes another one that is taken, and its own is free.
    app.change(&mut next, |ticket| (ticket.details.seat, ticket.details.delivery) = (Some("1".into()), ours(0, None)))
        .await;
    assert_eq!(state_of(&app, &bob, &next).await, "refused");
    assert_eq!(state_of(&app, &ada, &offered_seat(&app, &ada, event, ["A", "1", "2"]).await).await, "pending");
    app.change(&mut first, |ticket| ticket.withdrawn = true).await;
    assert_eq!(state_of(&app, &bob, &offered_seat(&app, &bob, event, ["A", "1", "1"]).await).await, "pending");
    assert_eq!(app.dead_letters().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_numbered_place_that_is_sold_is_sold_on_by_its_buyer_and_by_no_organiser() {
    let app = start().await;
    let (organiser, ada, bob) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let mut first = offered_seat(&app, &organiser, event, ["A", "1", "1"]).await;
    app.change(&mut first, |ticket| ticket.details.delivery = ours(1, None)).await;
    let order = app.bought(&ada, &first).await;
    app.change(&mut first, |ticket| (ticket.order_id, ticket.sold) = (Some(order.id), true)).await;
    app.clock.advance(2 * HOUR);
    app.settle().await;
    assert_eq!(
        state_of(&app, &organiser, &offered_seat(&app, &organiser, event, ["A", "1", "1"]).await).await,
        "refused"
    );
    let mut resale = app.listing(&ada, ours(0, Some(order.id)));
    resale.details = EventDetails { delivery: resale.details.delivery, ..first.details.clone() };
    app.publish("tickets", &TicketCreated(resale.clone())).await;
    app.settle().await;
    app.change(&mut resale, |ticket| ticket.details.delivery = ours(1, Some(order.id))).await;
    let second = app.bought(&bob, &resale).await;
    let code = app.code(&bob, second.id).await;
    assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "admitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_list_one_numbered_place_at_once_have_it_once() {
    let app = start().await;
    let event = app.new_event();
    let mut listings = Vec::new();
    for _ in 0..6 {
        let organiser = app.user();
        app.organise(&organiser, event).await;
        let mut ticket = app.listing(&organiser, ours(0, None));
        (ticket.details.event_id, ticket.details.seat) = (Some(event), Some("1".into()));
        app.publish("tickets", &TicketCreated(ticket.clone())).await;
        listings.push((organiser, ticket));
    }
    app.settle().await;
    let mut states = Vec::new();
    for (organiser, ticket) in &listings {
        states.push(state_of(&app, organiser, ticket).await);
    }
    let granted = states.iter().filter(|state| **state == "pending").count();
    let refused = states.iter().filter(|state| **state == "refused").count();
    assert_eq!((granted, refused), (1, 5), "{states:?}");
}
