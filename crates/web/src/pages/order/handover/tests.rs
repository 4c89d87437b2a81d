use serde_json::{Value, json};

use super::super::testing::*;
use crate::testing::{self, EVENT, GET_EVENT, Reply, Site};

const GET_DELIVERY: &str = "GET /api/deliveries/orders/692199c0bcf86cd7994390bb";

/// The page of a paid order whose ticket stands like this.
async fn shown(more: Value) -> Reply {
    let mut delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "checked": true, "codes": []});
    delivery.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
    let paid = with(json!({"status": "complete"}));
    let site = Site::signed_in([(GET_ORDER, 200, paid), payment("captured"), (GET_DELIVERY, 200, delivery)]).await;
    site.get(PLACE).await
}

#[tokio::test]
async fn a_ticket_that_is_there_is_shown_and_may_be_kept() {
    let codes = json!([
        {"symbology": "qr", "text": "SEAT <12>"}, {"symbology": "aztec", "text": "A2"},
        {"symbology": "pdf417", "text": "Straße"},
    ]);
    let page = shown(json!({"codes": codes, "file": {"kind": "pkpass", "bytes": 1}})).await;
    assert_eq!(page.header("ticketing-keep"), "yes");
    for part in [
        "Code 1 of 3",
        r#"role="img" aria-label="QR code""#,
        "<code>SEAT &lt;12&gt;</code>",
        "Show this at the door, on your phone or printed.",
        r#"role="img" aria-label="Aztec code""#,
        "Show the file at the door: the PDF417 code is in it.",
        "<code>Straße</code>",
        "If the door does not take a code as it is drawn here, show the file.",
        r#"href="/api/deliveries/orders/692199c0bcf86cd7994390bb/file" download"#,
        "Wallet pass, 1 kB",
    ] {
        page.assert_has(part);
    }
    page.assert_lacks("data-passing");
}

#[tokio::test]
async fn a_code_that_is_neither_drawn_nor_in_a_file_is_for_typing() {
    let page = shown(json!({"codes": [{"symbology": "code128", "text": "Straße"}]})).await;
    page.assert_has("We cannot draw this Code 128 code, and its seller has handed in no file.");
    page.assert_lacks("show the file");
    page.assert_lacks("<svg class=\"bar-code\"");
}

#[tokio::test]
async fn a_file_without_a_code_is_to_be_opened() {
    let page = shown(json!({"file": {"kind": "pdf", "bytes": 5000}, "checked": false})).await;
    page.assert_has("No code was read from it");
    page.assert_lacks("<svg");
}

#[tokio::test]
async fn what_is_to_come_or_never_will_is_said_and_not_kept() {
    for (delivery, words, is_passing) in [
        (json!({"state": "waiting", "until": "2027-03-13T19:30:00Z"}), "Its seller hands it in before <time", false),
        (json!({"state": "waiting", "mode": "sealed"}), "Your ticket will be here in a moment", true),
        (json!({"state": "unpaid"}), "Your ticket will be here in a moment", true),
        (json!({"state": "missed", "until": "2026-11-22T11:00:00Z"}), "It did not come in time", true),
        (json!({"state": "taken_back"}), "It is not yours any more", false),
        (json!({"state": "nothing_promised"}), "Nothing was promised about the ticket itself", false),
    ] {
        let page = shown(delivery).await;
        page.assert_has(words);
        assert_eq!(page.body.contains("data-passing"), is_passing, "{words}");
        assert_eq!(page.header("ticketing-keep"), "", "{words}");
    }
}

#[tokio::test]
async fn an_order_is_shown_while_its_ticket_cannot_be() {
    let paid = with(json!({"status": "complete"}));
    let away = (GET_DELIVERY, 503, json!({"errors": []}));
    let page = Site::signed_in([(GET_ORDER, 200, paid.clone()), payment("captured"), away]).await.get(PLACE).await;
    page.assert_has("Your ticket cannot be shown just now.");
    page.assert_has("<h1>The ticket is yours</h1>");
    // Nobody knows of the ticket of an order that is older than this.
    let page = Site::signed_in([(GET_ORDER, 200, paid), payment("captured")]).await.get(PLACE).await;
    page.assert_lacks("ticket cannot be shown");
}

#[tokio::test]
async fn what_did_not_come_was_called_off_and_the_money_goes_back() {
    let refund = json!({"state": "pending", "amount": 20.5});
    let order = with(json!({"status": "cancelled", "reason": "not-delivered", "refund": refund}));
    let page = Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending")]).await.get(PLACE).await;
    page.assert_has("<h1>Your ticket did not come</h1>");
    page.assert_has("$20.50 is on its way back to you.");
    page.assert_lacks("data-keep ");
}

/// The order of a ticket that we have issued.
fn issued(changes: Value) -> Value {
    let mut ticket = created()["ticket"].clone();
    ticket["eventId"] = json!(EVENT);
    ticket["delivery"] = json!({"mode": "ours", "seal": 1});
    testing::with(with(json!({"status": "complete", "ticket": ticket})), changes)
}

/// Its page, while the ticket itself stands so.
async fn shown_issued(order: Value, state: &str) -> Reply {
    let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": state, "mode": "ours", "checked": true,
        "codes": []});
    let answers = [(GET_ORDER, 200, order), payment("captured"), (GET_DELIVERY, 200, delivery)];
    Site::signed_in(answers).await.get(PLACE).await
}

#[tokio::test]
async fn what_we_have_issued_can_be_sold_on_while_its_buyer_has_it() {
    let way = format!(r#"<a class="button" href="/sell?boughtBy={ORDER}">Sell this ticket</a>"#);
    shown_issued(issued(json!({})), "released").await.assert_has(&way);
    let mut begun = issued(json!({}));
    begun["ticket"]["startsAt"] = json!("2026-11-22T11:00:00.000Z");
    let refunded = issued(json!({"refund": {"state": "refunded", "amount": 20.5}}));
    let disputed = issued(json!({"dispute": "open"}));
    for (order, state) in [
        (issued(json!({})), "resold"),
        (issued(json!({})), "waiting"),
        (begun, "released"),
        (refunded, "released"),
        (disputed, "released"),
    ] {
        shown_issued(order, state).await.assert_lacks("Sell this ticket");
    }
    // What a seller has uploaded is not issued anew.
    shown(json!({"mode": "sealed"})).await.assert_lacks("Sell this ticket");
}

#[tokio::test]
async fn who_has_sold_it_on_is_not_told_that_it_is_theirs() {
    let page = shown_issued(issued(json!({})), "resold").await;
    page.assert_has("<h1>You have sold this ticket on</h1>");
    page.assert_has("The code that you had does not let anybody in any more.");
    page.assert_lacks("Enjoy the show");
    page.assert_lacks("Add to calendar");
}

#[tokio::test]
async fn a_ticket_that_went_back_with_the_money_is_not_its_buyers_although_the_order_is_complete() {
    let refunded = |state: &str| issued(json!({"refund": {"state": state, "amount": 20.5}}));
    for (order, heading) in [
        (refunded("pending"), "This order is being refunded"),
        (refunded("refunded"), "This order was refunded"),
        (refunded("failed"), "This refund did not go through"),
        (issued(json!({"dispute": "lost"})), "Your bank took the payment back"),
        // The order has yet to hear of it.
        (issued(json!({})), "The ticket is not yours any more"),
        (issued(json!({"dispute": "open"})), "The ticket is not yours any more"),
    ] {
        let page = shown_issued(order, "taken_back").await;
        page.assert_has(&format!("<h1>{heading}</h1>"));
        page.assert_has("We have taken the ticket back.");
        assert_eq!(page.header("ticketing-keep"), "", "{heading}");
        for wrong in ["The ticket is yours", "Enjoy the show", "Add to calendar", "Sell this ticket"] {
            page.assert_lacks(wrong);
        }
    }
    // A part of the price may go back: the ticket stays.
    let partly = issued(json!({"refund": {"state": "refunded", "amount": 5}}));
    shown_issued(partly, "released").await.assert_has("<h1>The ticket is yours</h1>");
}

#[tokio::test]
async fn what_could_not_be_issued_is_not_put_on_its_seller() {
    let page = shown_issued(issued(json!({})), "missed").await;
    page.assert_has("It cannot be issued to you.");
    page.assert_lacks("It did not come in time");
    let changes =
        json!({"status": "cancelled", "reason": "not-delivered", "refund": {"state": "pending", "amount": 20.5}});
    let page = shown_issued(issued(changes), "missed").await;
    page.assert_has("<h1>Your ticket did not come</h1>");
    page.assert_has("It could not be issued to you, so this order was called off.");
}

#[tokio::test]
async fn the_page_of_a_paid_order_asks_for_everything_once() {
    let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "checked": true, "codes": []});
    let answers = [
        (GET_ORDER, 200, issued(json!({}))),
        payment("captured"),
        (GET_DELIVERY, 200, delivery),
        (GET_EVENT, 200, testing::event(json!({}))),
    ];
    let site = Site::signed_in(answers).await;
    assert_eq!(site.get(PLACE).await.status, 200);
    let mut calls = site.calls();
    calls.sort();
    assert_eq!(calls, [GET_DELIVERY, GET_EVENT, GET_ORDER, GET_PAYMENT]);
}
