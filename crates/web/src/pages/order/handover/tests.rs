use serde_json::{Value, json};

use super::super::testing::*;
use crate::testing::{self, EVENT, GET_EVENT, Reply, Site, event};

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
    assert_eq!(page.header("ticketing-keep"), testing::USER, "it is kept for its buyer, and nobody else");
    page.assert_has("this page also opens without a network, and the file with it");
    for part in [
        "Code 1 of 3",
        r#"role="img" aria-label="QR code""#,
        "<code>SEAT &lt;12&gt;</code>",
        "Show this at the door, on your phone or printed.",
        r#"role="img" aria-label="Aztec code""#,
        "Show the file at the door: the PDF417 code is in it.",
        "<code>Straße</code>",
        "If the door does not take a code as it is drawn here, show the file.",
        r#"href="/api/deliveries/orders/692199c0bcf86cd7994390bb/file" data-file"#,
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
async fn a_file_without_a_code_is_shown_and_printed_if_it_is_a_picture_and_else_to_be_opened() {
    let file = "/api/deliveries/orders/692199c0bcf86cd7994390bb/file";
    for (kind, is_shown) in [("png", true), ("jpeg", true), ("pdf", false), ("pkpass", false), ("film", false)] {
        let page = shown(json!({"file": {"kind": kind, "bytes": 5000}, "checked": false})).await;
        page.assert_has("No code was read from it");
        page.assert_has(&format!(r#"<a class="button" href="{file}" data-file>"#));
        page.assert_lacks("<svg");
        let shown = [format!(r#"<img class="ticket-picture" src="{file}""#), "data-print".to_owned()];
        assert!(shown.iter().all(|part| page.body.contains(part) == is_shown), "{kind}: {}", page.body);
        assert_eq!(page.body.contains("save the file and print that"), !is_shown, "{kind}");
    }
    // What has a code is not shown twice.
    let codes = json!([{"symbology": "qr", "text": "A1"}]);
    let page = shown(json!({"file": {"kind": "png", "bytes": 5000}, "codes": codes})).await;
    page.assert_lacks("<img");
    page.assert_has("data-print");
}

#[tokio::test]
async fn to_an_event_that_is_cancelled_nothing_is_shown_at_the_door() {
    let codes = json!([{"symbology": "qr", "text": "A1"}, {"symbology": "code128", "text": "Straße"}]);
    for (codes, file) in [
        (codes.clone(), json!(null)),
        (codes, json!({"kind": "pdf", "bytes": 5000})),
        (json!([]), json!({"kind": "pdf", "bytes": 5000})),
        (json!([]), json!({"kind": "png", "bytes": 5000})),
    ] {
        let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "checked": true,
            "codes": codes, "file": file});
        let cancelled = (GET_EVENT, 200, event(json!({"status": "cancelled", "version": 1})));
        let answers =
            [(GET_ORDER, 200, issued(json!({}))), payment("captured"), (GET_DELIVERY, 200, delivery), cancelled];
        let page = Site::signed_in(answers).await.get(PLACE).await;
        page.assert_has("<h1>The event was cancelled</h1>");
        page.assert_has("That alone does not bring your money back");
        page.assert_has("so it opens no door");
        for wrong in ["Show this", "show the file", "Show the file", "show it at the door", "Enjoy the show"] {
            page.assert_lacks(wrong);
        }
    }
}

#[tokio::test]
async fn nobody_is_to_enjoy_a_show_whose_ticket_is_still_to_come() {
    for (state, is_here) in
        [("waiting", false), ("unpaid", false), ("missed", false), ("released", true), ("nothing_promised", true)]
    {
        let page = shown(json!({"state": state})).await;
        page.assert_has("<h1>The ticket is yours</h1>");
        page.assert_has("Nobody else can buy it any more.");
        assert_eq!(page.body.contains("Enjoy the show"), is_here, "{state}");
    }
}

#[tokio::test]
async fn what_is_to_come_or_never_will_is_said_and_not_kept() {
    for (delivery, words, is_passing) in [
        (json!({"state": "waiting", "until": "2027-03-13T19:30:00Z"}), "Its seller hands it in before <time", false),
        (json!({"state": "waiting", "mode": "sealed"}), "Your ticket will be here in a moment", true),
        (json!({"state": "unpaid"}), "Your ticket will be here in a moment", true),
        (json!({"state": "missed", "until": "2026-11-22T11:00:00Z"}), "It did not come in time", true),
        (json!({"state": "taken_back"}), "The ticket is not yours any more, so", false),
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
async fn what_was_used_at_the_door_opens_none_and_is_not_sold_on() {
    let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "mode": "ours", "checked": true,
        "codes": [{"symbology": "qr", "text": "A1"}], "usedAt": "2027-03-14T18:45:00.000Z", "offeredAs": TICKET});
    let answers = [(GET_ORDER, 200, issued(json!({}))), payment("captured"), (GET_DELIVERY, 200, delivery)];
    let page = Site::signed_in(answers).await.get(PLACE).await;
    page.assert_has("This ticket was used at the door: <time datetime=\"2027-03-14T18:45:00.000Z\"");
    page.assert_has("there is nothing to sell on.");
    for wrong in ["Sell this ticket", "Show this at the door", "It lets you in until somebody buys it", "opens no door"]
    {
        page.assert_lacks(wrong);
    }
}

/// Delivery sends a browser here that was to save the file.
#[tokio::test]
async fn why_a_file_was_not_saved_is_said_in_words() {
    for (notice, words) in [("lost", "lost or damaged at our end"), ("away", "The file cannot be had just now")] {
        let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "mode": "sealed",
            "checked": true, "codes": [], "file": {"kind": "pdf", "bytes": 5000}});
        let paid = with(json!({"status": "complete"}));
        let answers = [(GET_ORDER, 200, paid), payment("captured"), (GET_DELIVERY, 200, delivery)];
        let site = Site::signed_in(answers).await;
        site.get(&format!("{PLACE}?file={notice}")).await.assert_has(words);
        site.get(PLACE).await.assert_lacks(words);
    }
}

#[tokio::test]
async fn what_is_offered_already_leads_to_its_listing() {
    const LISTING: &str = "5f1f77bcf86cd799439011b9";
    let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "mode": "ours", "checked": true,
        "codes": [], "offeredAs": LISTING});
    let answers = [(GET_ORDER, 200, issued(json!({}))), payment("captured"), (GET_DELIVERY, 200, delivery)];
    let page = Site::signed_in(answers).await.get(PLACE).await;
    page.assert_has(&format!(r#"<a class="button" href="/tickets/{LISTING}">Your listing of it</a>"#));
    page.assert_has("It lets you in until somebody buys it");
    page.assert_lacks("Sell this ticket");
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
async fn what_was_taken_back_is_neither_sold_on_nor_entered_in_a_calendar() {
    let refunded = issued(json!({"refund": {"state": "refunded", "amount": 20.5}}));
    // The order has yet to hear of the money, or a part of it has failed.
    for order in [refunded, issued(json!({})), issued(json!({"dispute": "open"}))] {
        let page = shown_issued(order, "taken_back").await;
        page.assert_has("The ticket is not yours any more, so it is not shown here.");
        for wrong in ["Add to calendar", "Sell this ticket"] {
            page.assert_lacks(wrong);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_issued_is_said_before_its_order_ends() {
    let page = shown_issued(issued(json!({})), "missed").await;
    page.assert_has("It cannot be issued to you.");
    page.assert_lacks("It did not come in time");
}

#[tokio::test]
async fn the_page_of_a_paid_order_asks_for_everything_once() {
    let delivery = json!({"orderId": ORDER, "ticketId": TICKET, "state": "released", "checked": true, "codes": []});
    let answers = [
        (GET_ORDER, 200, issued(json!({}))),
        payment("captured"),
        (GET_DELIVERY, 200, delivery),
        (GET_EVENT, 200, event(json!({}))),
    ];
    let site = Site::signed_in(answers).await;
    assert_eq!(site.get(PLACE).await.status, 200);
    let mut calls = site.calls();
    calls.sort();
    assert_eq!(calls, [GET_DELIVERY, GET_EVENT, GET_ORDER, GET_PAYMENT]);
}

#[tokio::test]
async fn nobody_is_blamed_for_what_never_came_to_an_event_that_is_cancelled() {
    let mut ticket = created()["ticket"].clone();
    ticket["eventId"] = json!(EVENT);
    let order = with(json!({"status": "cancelled", "reason": "not-delivered", "ticket": ticket}));
    let cancelled = (GET_EVENT, 200, event(json!({"status": "cancelled", "version": 1})));
    let page = Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending"), cancelled]).await.get(PLACE).await;
    page.assert_has("<h1>The event was cancelled</h1>");
    page.assert_has("the ticket was never handed in, so this order was called off");
    page.assert_lacks("Its seller did not hand it in");
}

#[tokio::test]
async fn what_could_not_be_issued_was_not_its_sellers_to_hand_in() {
    let mut ticket = created()["ticket"].clone();
    ticket["delivery"] = json!({"mode": "ours", "seal": 1});
    let order = with(json!({"status": "cancelled", "reason": "not-delivered", "ticket": ticket}));
    let page = Site::signed_in([(GET_ORDER, 200, order), payment("refund_pending")]).await.get(PLACE).await;
    page.assert_has("<h1>Your ticket could not be issued</h1>");
    page.assert_lacks("hand it in");
}

#[tokio::test]
async fn who_has_their_money_back_has_the_ticket_no_more() {
    let taken = json!({
        "orderId": ORDER, "ticketId": TICKET, "state": "taken_back", "checked": false, "codes": [],
    });
    let refund = |state: &str, amount: f64| json!({"refund": {"state": state, "amount": amount}});
    for (more, status, heading) in [
        (refund("refunded", 20.5), "refunded", "This order was refunded"),
        (refund("failed", 20.5), "refund_failed", "This refund did not go through"),
        (json!({"dispute": "lost"}), "disputed", "Your bank took the payment back"),
        // A part of it has failed.
        (refund("refunded", 10.0), "captured", "The ticket is not yours any more"),
    ] {
        let order = crate::testing::with(with(json!({"status": "complete"})), more);
        let answers = [(GET_ORDER, 200, order), payment(status), (GET_DELIVERY, 200, taken.clone())];
        let page = Site::signed_in(answers).await.get(PLACE).await;
        page.assert_has(&format!("<h1>{heading}</h1>"));
        page.assert_has("The ticket is not yours any more, so it is not shown here.");
        page.assert_lacks("The ticket is yours");
        page.assert_lacks("Enjoy the show");
        assert_eq!(page.header("ticketing-keep"), "", "{heading}");
    }
}
