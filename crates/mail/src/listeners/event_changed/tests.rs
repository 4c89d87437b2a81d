use std::time::Duration;

use common::events::{CancelReason, EventChanged, NewEvent, OrderCreated, RefundStatus};
use common::id::EventId;
use common::version::Version;

use crate::testing::*;

/// Later than whatever has happened so far, to the second.
fn later(app: &App) {
    app.clock.advance(Duration::from_secs(10));
}

/// The event was moved to this day of June, just now.
async fn publish_move(app: &App, event: EventId, version: u64, day: u32) -> EventChanged {
    later(app);
    let moved = moved(event, version, day, app.clock.now());
    app.publish("tickets", &moved).await;
    app.settle().await;
    later(app);
    moved
}

/// Somebody has bought a ticket to an event that is moved while the mail server is away: the event, their order, and the
/// message that waits.
async fn moved_while_nothing_is_sent(app: &App) -> (EventId, OrderCreated, String) {
    let gala = app.event();
    let order = app.bought_to(gala, 12).await;
    app.until_told(1).await;
    app.script(Reply::Later);
    publish_move(app, gala, 1, 13).await;
    let message = format!("event-moved.{gala}.1.{}", order.user_id);
    app.until_attempts(&message, 1).await;
    (gala, order, message)
}

/// All but those that tell of a purchase.
async fn subjects(app: &App, count: usize) -> Vec<String> {
    app.told_no_more(count).await;
    let mails = app.until_told(count).await.into_iter().map(|mail| mail.subject);
    mails.filter(|subject| !subject.starts_with("Your ticket")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_bought_is_told_once_of_each_move_and_who_buys_later_of_none_before() {
    let app = start().await;
    let (gala, opera) = (app.event(), app.event());
    app.bought_to(gala, 12).await;
    app.bought_to(opera, 12).await;
    app.ordered().await;
    let first = publish_move(&app, gala, 1, 13).await;
    assert_eq!(subjects(&app, 3).await, ["Moved: Gala"]);
    let mail = app.until_told(3).await.pop().expect("a mail");
    let text = mail.text.replace(['\u{202f}', '\n'], " ");
    for said in [
        "Sun, Jun 13, 2027, 8:00 PM (Berlin time)",
        "Sat, Jun 12, 2027, 8:00 PM (Berlin time)",
        "Hall, Berlin, Germany",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    app.bought_to(gala, 13).await;
    app.publish("tickets", &first).await;
    app.settle().await;
    assert_eq!(subjects(&app, 4).await.len(), 1, "whoever bought it as it is knows");
    publish_move(&app, gala, 2, 14).await;
    assert_eq!(subjects(&app, 6).await, ["Moved: Gala"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_back_to_what_was_bought_is_told_too() {
    let app = start().await;
    let gala = app.event();
    app.bought_to(gala, 12).await;
    publish_move(&app, gala, 1, 13).await;
    assert_eq!(subjects(&app, 2).await, ["Moved: Gala"]);
    publish_move(&app, gala, 2, 12).await;
    app.bought_to(gala, 12).await;
    assert_eq!(subjects(&app, 4).await, ["Moved: Gala"; 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_buying_while_it_was_moved_is_told_when_the_ticket_is_theirs() {
    let app = start().await;
    let gala = app.event();
    let orders: [OrderCreated; 3] = [(); 3].map(|()| order_to(gala, 12, app.order()));
    for order in &orders {
        app.publish("orders", order).await;
    }
    app.settle().await;
    publish_move(&app, gala, 1, 13).await;
    app.told_no_more(0).await;
    let [paid, expired, late] = orders;
    app.publish("orders", &order_completed(&paid)).await;
    app.publish("orders", &order_cancelled(&expired, CancelReason::Expired)).await;
    app.settle().await;
    assert_eq!(subjects(&app, 2).await, ["Moved: Gala"]);
    let moved = moved(gala, 1, 13, app.clock.now());
    app.publish("tickets", &cancelled(&moved)).await;
    app.settle().await;
    assert_eq!(subjects(&app, 3).await, ["Moved: Gala", "Cancelled: Gala"]);
    app.publish("orders", &order_completed(&late)).await;
    app.settle().await;
    assert_eq!(subjects(&app, 5).await, ["Moved: Gala", "Cancelled: Gala", "Cancelled: Gala"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_mail_is_for_all_that_somebody_has_bought() {
    let app = start().await;
    let gala = app.event();
    let first = app.bought_to(gala, 12).await;
    let second = OrderCreated { user_id: first.user_id, ..order_to(gala, 12, app.order()) };
    app.publish("orders", &second).await;
    app.publish("orders", &order_completed(&second)).await;
    app.settle().await;
    publish_move(&app, gala, 1, 13).await;
    assert_eq!(subjects(&app, 3).await, ["Moved: Gala"]);
    let mail = app.until_told(3).await.pop().expect("a mail");
    for order in [&first, &second] {
        let number = formats::order_number(order.id);
        assert!(mail.text.contains(&number), "{number} is missing in {}", mail.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_again_when_the_mail_server_is_back_is_told_as_it_is() {
    let app = start().await;
    let (gala, _, first) = moved_while_nothing_is_sent(&app).await;
    publish_move(&app, gala, 2, 14).await;
    app.script(Reply::Accept);
    app.clock.advance(RETRY);
    app.until_dropped(&first).await;
    assert_eq!(subjects(&app, 2).await, ["Moved: Gala"]);
    let text = app.until_told(2).await.pop().expect("a mail").text;
    assert!(text.contains("Jun 14") && !text.contains("Jun 13"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_their_money_back_by_then_is_not_told() {
    let app = start().await;
    let (_, order, message) = moved_while_nothing_is_sent(&app).await;
    let mut refund = refund(&order, "re_1", RefundStatus::Succeeded);
    refund.amount = order.ticket.price;
    app.publish("payments", &refund).await;
    app.settle().await;
    app.script(Reply::Accept);
    app.clock.advance(RETRY);
    app.until_dropped(&message).await;
    assert_eq!(subjects(&app, 2).await, ["Refunded: Front row"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_is_told_however_many_they_are() {
    let app = start().await;
    let (gala, many) = (app.event(), super::BATCH + 5);
    for _ in 0..many {
        let order = order_to(gala, 12, app.order());
        app.publish("orders", &order).await;
        app.publish("orders", &order_completed(&order)).await;
    }
    app.settle().await;
    publish_move(&app, gala, 1, 13).await;
    assert_eq!(subjects(&app, 2 * many).await.len(), many);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_before_there_was_mail_is_not_told_and_what_it_led_to_is() {
    let gala: EventId = "5f1f77bcf86cd79943900004".parse().expect("an id");
    let before = common::time::Timestamp::from_millis(0);
    let history = [(Version(2), NewEvent::of(&moved(gala, 2, 13, before)))];
    let app = start_after(&history).await;
    app.settle().await;
    assert_eq!(app.messages().await, 0);
    app.bought_to(gala, 13).await;
    app.bought_to(gala, 12).await;
    assert_eq!(subjects(&app, 3).await, ["Moved: Gala"]);
    publish_move(&app, gala, 3, 14).await;
    assert_eq!(subjects(&app, 5).await, ["Moved: Gala"; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_of_an_event_that_is_not_known_here_is_for_an_operator() {
    let app = start().await;
    let moved = moved(app.event(), 1, 13, app.clock.now());
    app.publish_newer("tickets", &moved, "/status").await;
    app.settle().await;
    assert_eq!(app.dead_letters().await, ["\"invented-later\" is not known here"]);
}
