use serde_json::{Value, json};

use crate::testing::{CannedResponse, EVENT, GET_EVENT, Reply, Site, USER, event, with};

mod promises;

const ID: &str = "5f1f77bcf86cd799439011aa";
const ORDER: &str = "5f1f77bcf86cd799439011bb";
const SELLER: &str = "5f1f77bcf86cd799439011cc";
const PAGE: &str = "/tickets/5f1f77bcf86cd799439011aa";
const BUY: &str = "/tickets/5f1f77bcf86cd799439011aa/buy";
/// What a form names as the price that was seen.
const SEEN: [(&str, &str); 2] = [("price", "33.00"), ("currency", "usd")];
const TICKET: &str = "GET /api/tickets/5f1f77bcf86cd799439011aa";

fn ticket(change: Value) -> CannedResponse {
    let mut ticket = json!({
        "id": ID, "title": "Two together", "price": 20.5, "currency": "usd", "userId": SELLER, "version": 3,
    });
    for (name, value) in change.as_object().expect("fields") {
        ticket[name] = value.clone();
    }
    (TICKET, 200, ticket)
}

fn locked() -> CannedResponse {
    ticket(json!({"orderId": ORDER}))
}

fn order(status: u16, body: Value) -> CannedResponse {
    ("POST /api/orders", status, body)
}

fn order_body(state: &str) -> Value {
    json!({
        "id": ORDER, "status": state, "userId": USER, "expiresAt": "2026-11-22T12:15:00.000Z", "version": 0,
        "ticket": {"id": ID, "title": "Two together", "price": 20.5, "version": 3},
    })
}

fn own_order(state: &str) -> CannedResponse {
    ("GET /api/orders/5f1f77bcf86cd799439011bb", 200, order_body(state))
}

/// Fails unless the page offers this action and none of the others.
#[track_caller]
fn assert_offers(page: &Reply, offered: &str) {
    let ways = ["Buy this ticket", ">Edit<", "Continue to checkout", ">Your order<"];
    for way in ways {
        assert_eq!(page.body.contains(way), way == offered, "{way}: {}", page.body);
    }
}

#[tokio::test]
async fn a_ticket_for_sale_shows_everything_and_can_be_bought_by_a_form() {
    let details = json!({
        "event": "Hamilton", "venue": "Palace", "startsAt": "2027-03-14T19:30:00.000Z", "section": "Stalls",
        "row": "C", "seat": "12",
    });
    let page = Site::answering([ticket(details)]).await.get(PAGE).await;
    assert_eq!(page.status, 200);
    for shown in [
        r#"<h1 dir="auto">Two together</h1>"#,
        "$20.50",
        "Hamilton",
        "Palace",
        r#"<dd dir="auto">Stalls</dd>"#,
        r#"<dd dir="auto">C</dd>"#,
        r#"<dd dir="auto">12</dd>"#,
    ] {
        page.assert_has(shown);
    }
    page.assert_has(r#"<time datetime="2027-03-14T19:30:00.000Z" data-moment="day">"#);
    page.assert_has(&format!(
        r#"<form method="post" action="{BUY}"><input type="hidden" name="price" value="20.50"><input type="hidden" name="currency" value="usd"><input type="hidden" name="startsAt" value="2027-03-14T19:30:00.000Z"><button class="primary">Buy this ticket<"#
    ));
    page.assert_has(r#"href="/?event=Hamilton&amp;venue=Palace""#);
    assert_offers(&page, "Buy this ticket");
}

#[tokio::test]
async fn a_ticket_without_details_says_so() {
    let page = Site::answering([ticket(json!({"title": "<b>Bold</b>"}))]).await.get(PAGE).await;
    page.assert_has(r#"<h1 dir="auto">&lt;b&gt;Bold&lt;/b&gt;</h1>"#);
    page.assert_has("The seller has given no further details.");
    page.assert_lacks("<dt>");
}

#[tokio::test]
async fn a_ticket_that_others_buy_or_have_bought_offers_nothing() {
    for site in [Site::answering([locked()]).await, Site::signed_in([locked()]).await] {
        let page = site.get(PAGE).await;
        page.assert_has("Someone is buying this ticket");
        page.assert_has(r#"data-state="locked""#);
        assert_offers(&page, "");
    }
    let page = Site::answering([ticket(json!({"orderId": ORDER, "sold": true}))]).await.get(PAGE).await;
    page.assert_has(">Sold<");
    assert_offers(&page, "");
}

#[tokio::test]
async fn the_seller_can_edit_it_until_someone_buys_it() {
    let own = |order: Value| ticket(json!({"userId": USER, "orderId": order}));
    let page = Site::signed_in([own(Value::Null)]).await.get(PAGE).await;
    page.assert_has(&format!(r#"<a class="button" href="{PAGE}/edit">Edit</a>"#));
    page.assert_has(&format!(r#"<a class="button" href="{PAGE}/withdraw">Withdraw</a>"#));
    assert_offers(&page, ">Edit<");
    let page = Site::signed_in([own(json!(ORDER))]).await.get(PAGE).await;
    page.assert_has("Someone is buying this ticket");
    assert_offers(&page, "");
}

#[tokio::test]
async fn the_buyer_is_led_back_to_their_order() {
    let page = Site::signed_in([locked(), own_order("created")]).await.get(PAGE).await;
    page.assert_has(&format!(r#"<a class="button primary" href="/orders/{ORDER}">Continue to checkout</a>"#));
    assert_offers(&page, "Continue to checkout");
    let sold = ticket(json!({"orderId": ORDER, "sold": true}));
    let page = Site::signed_in([sold, own_order("complete")]).await.get(PAGE).await;
    page.assert_has("You bought this ticket");
    assert_offers(&page, ">Your order<");
}

#[tokio::test]
async fn a_ticket_is_shown_while_orders_is_unreachable() {
    let away = ("GET /api/orders/5f1f77bcf86cd799439011bb", 503, json!({"errors": []}));
    let page = Site::signed_in([locked(), away]).await.get(PAGE).await;
    assert_eq!(page.status, 200);
    page.assert_has("Someone is buying this ticket");
}

#[tokio::test]
async fn buying_leads_to_the_order() {
    let site = Site::signed_in([order(201, order_body("created"))]).await;
    let reply = site.post(BUY, &SEEN).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/orders/{ORDER}").as_str()));
    let [call] = &site.calls()[..] else { panic!("{:?}", site.calls()) };
    let sent: Value = serde_json::from_str(call.strip_prefix("POST /api/orders ").expect("an order")).expect("JSON");
    assert_eq!(sent, json!({"ticketId": ID, "price": 33, "currency": "usd"}));
}

#[tokio::test]
async fn a_form_of_before_the_upgrade_names_no_price() {
    let site = Site::signed_in([order(201, order_body("created"))]).await;
    assert_eq!(site.post(BUY, &[]).await.location(), format!("/orders/{ORDER}"));
    assert_eq!(site.calls(), [format!(r#"POST /api/orders {{"ticketId":"{ID}"}}"#)]);
}

#[tokio::test]
async fn nothing_is_bought_for_a_price_that_nobody_can_have_seen() {
    let site = Site::signed_in([order(201, order_body("created"))]).await;
    for seen in [[("price", "cheap"), ("currency", "usd")], [("price", "20"), ("currency", "gold")]] {
        assert_eq!(site.post(BUY, &seen).await.location(), PAGE);
    }
    assert_eq!(site.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_price_that_has_changed_is_asked_about_again() {
    let changed = json!({"errors": [{
        "code": "price_changed", "message": "The price is 999 EUR now", "field": "price", "price": 999, "currency": "eur",
    }]});
    let site = Site::signed_in([ticket(json!({})), order(409, changed)]).await;
    let page = site.post(BUY, &SEEN).await;
    assert_eq!(page.status, 409);
    page.assert_has("<h1>The price has changed</h1>");
    page.assert_has("You saw $33.00. The seller asks €999.00 now.");
    page.assert_has(
        r#"<input type="hidden" name="price" value="999.00"><input type="hidden" name="currency" value="eur">"#,
    );
    page.assert_has(">Buy for €999.00</button>");
    page.assert_has(&format!(r#"href="{PAGE}">No, back to the ticket"#));
}

#[tokio::test]
async fn a_date_that_has_changed_is_asked_about_again() {
    let moved = ticket(json!({"event": "Hamilton", "venue": "Palace", "startsAt": "2027-03-15T19:30:00.000Z"}));
    let site = Site::signed_in([moved, order(201, order_body("created"))]).await;
    let seen = |day: &'static str| [SEEN[0], SEEN[1], ("startsAt", day)];
    let page = site.post(BUY, &seen("2027-03-14T19:30:00.000Z")).await;
    assert_eq!(page.status, 409);
    for shown in ["<h1>The date has changed</h1>", "Mar 15, 2027", "Palace", ">Buy it for this date</button>"] {
        page.assert_has(shown);
    }
    page.assert_has(r#"<input type="hidden" name="startsAt" value="2027-03-15T19:30:00.000Z">"#);
    assert!(!site.calls().iter().any(|call| call.starts_with("POST")), "{:?}", site.calls());
    for day in ["2027-03-15T19:30:00.000Z", "", "some day"] {
        assert_eq!(site.post(BUY, &seen(day)).await.location(), format!("/orders/{ORDER}"), "{day}");
    }
}

#[tokio::test]
async fn what_is_not_known_everywhere_yet_is_bought_in_a_moment() {
    for code in ["ticket_being_changed", "not_heard_yet"] {
        let early = json!({"errors": [{"code": code, "message": "Not yet"}]});
        let page = Site::signed_in([ticket(json!({})), order(503, early)]).await.post(BUY, &SEEN).await;
        assert_eq!((page.status, page.header("retry-after")), (503, "1"));
        page.assert_has(&format!(r#"<form method="post" action="{BUY}" data-again="1500">"#));
        page.assert_has(
            r#"<input type="hidden" name="price" value="33.00"><input type="hidden" name="currency" value="usd">"#,
        );
        page.assert_has(">Try again</button>");
        page.assert_has("again.js");
    }
}

#[tokio::test]
async fn a_page_that_is_not_known_yet_is_loaded_again_by_itself() {
    let early = json!({"errors": [{"code": "not_heard_yet", "message": "Not yet"}]});
    let page = Site::answering([(TICKET, 503, early)]).await.get(PAGE).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "1"));
    page.assert_has("<h1>One moment, please</h1>");
    page.assert_has(r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#);
    page.assert_has(&format!(r#"href="{PAGE}" data-again="1500">Try again</a>"#));
}

#[tokio::test]
async fn what_is_withdrawn_or_has_begun_is_shown_as_not_for_sale_to_everybody() {
    for (change, hint) in [
        (json!({"withdrawn": true}), "It has been withdrawn."),
        (json!({"startsAt": "2026-11-22T12:00:00.000Z"}), "The event has begun."),
    ] {
        for site in [Site::answering([ticket(change.clone())]).await, Site::signed_in([ticket(change)]).await] {
            let page = site.get(PAGE).await;
            assert_eq!(page.status, 200);
            page.assert_has("Not for sale any more");
            page.assert_has(hint);
            assert_offers(&page, "");
        }
    }
    let own = |change: Value| ticket(with(json!({"userId": USER}), change));
    let page = Site::signed_in([own(json!({"withdrawn": true}))]).await.get(PAGE).await;
    page.assert_has("This ticket is withdrawn");
    assert_offers(&page, "");
    let begun = own(json!({"startsAt": "2020-01-01T00:00:00.000Z"}));
    assert_offers(&Site::signed_in([begun]).await.get(PAGE).await, ">Edit<");
}

#[tokio::test]
async fn a_buyer_of_what_is_not_for_sale_any_more_sees_why() {
    for (code, message) in [
        ("event_begun", "The event has begun, so this ticket is not for sale any more"),
        ("not_for_sale", "This ticket is not for sale any more"),
        ("own_ticket", "You cannot buy your own ticket"),
    ] {
        let refusal = json!({"errors": [{"code": code, "message": message}]});
        let page =
            Site::signed_in([ticket(json!({"withdrawn": true})), order(400, refusal)]).await.post(BUY, &SEEN).await;
        assert_eq!(page.status, 400);
        page.assert_has(&format!("<li>{message}</li>"));
    }
}

#[tokio::test]
async fn a_late_buyer_sees_why_on_the_ticket_page() {
    let refusal = json!({"errors": [{"message": "Ticket is already reserved"}]});
    let page = Site::signed_in([locked(), order(400, refusal)]).await.post(BUY, &[]).await;
    assert_eq!(page.status, 400);
    page.assert_has(r#"<div class="error-summary" role="alert" tabindex="-1">"#);
    page.assert_has("<li>Ticket is already reserved</li>");
    page.assert_has(r#"<h1 dir="auto">Two together</h1>"#);
    assert_offers(&page, "");
}

#[tokio::test]
async fn buying_without_a_session_leads_to_sign_in_and_back() {
    let sign_in = "/signin?next=%2Ftickets%2F5f1f77bcf86cd799439011aa";
    let site = Site::answering([]).await;
    assert_eq!(site.post(BUY, &[]).await.location(), sign_in);
    assert_eq!(site.calls(), Vec::<String>::new());
    // The session ended between two requests.
    let ended = order(401, json!({"errors": [{"message": "Not authorized"}]}));
    let reply = Site::signed_in([ended]).await.post(BUY, &[]).await;
    assert_eq!((reply.status, reply.location()), (303, sign_in));
}

#[tokio::test]
async fn the_forms_address_leads_to_the_page() {
    let reply = Site::answering([]).await.get(BUY).await;
    assert_eq!((reply.status, reply.location()), (303, PAGE));
}

#[tokio::test]
async fn an_unknown_ticket_and_an_unreadable_id_are_not_found() {
    let site = Site::answering([]).await;
    assert_eq!(site.get(PAGE).await.status, 404);
    assert_eq!(site.get("/tickets/nonsense").await.status, 404);
    assert_eq!(Site::signed_in([]).await.post(BUY, &[]).await.status, 404);
}

#[tokio::test]
async fn a_seller_sees_how_often_a_ticket_was_reserved_and_not_bought() {
    for (times, words) in [(1, "Reserved once, not bought"), (3, "Reserved 3 times, not bought")] {
        let own = json!({"userId": USER, "reservedNotBought": times});
        Site::signed_in([ticket(own.clone())]).await.get(PAGE).await.assert_has(words);
        let (_, _, listed) = ticket(own);
        let site = Site::signed_in([("GET /api/tickets", 200, json!([listed]))]).await;
        site.get("/listings").await.assert_has(words);
    }
    Site::signed_in([ticket(json!({"userId": USER}))]).await.get(PAGE).await.assert_lacks("not bought");
}

#[tokio::test]
async fn a_buyer_who_reserves_too_much_is_told_what_to_do() {
    for code in ["too_many_reservations", "reserved_too_often"] {
        let refused = json!({"errors": [{"code": code, "message": "Try again in 4 minutes"}]});
        let site = Site::signed_in([ticket(json!({})), order(429, refused)]).await.with_header("retry-after", "240");
        let page = site.post(BUY, &SEEN).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "240"));
        page.assert_has("Try again in 4 minutes");
        assert_offers(&page, "Buy this ticket");
    }
}

#[tokio::test]
async fn a_ticket_to_a_known_event_leads_to_it_and_shows_the_time_of_its_venue() {
    let details = json!({
        "event": "Hamilton", "eventId": "5f1f77bcf86cd799439011e1", "tier": "Stalls",
        "startsAt": "2027-03-14T19:30:00.000Z", "timeZone": "America/New_York",
    });
    let page = Site::answering([ticket(details)]).await.get(PAGE).await;
    page.assert_has(r#"<p class="overline"><a href="/e/5f1f77bcf86cd799439011e1" dir="auto">Hamilton</a></p>"#);
    page.assert_has(r#"<a href="/e/5f1f77bcf86cd799439011e1">More tickets for <bdi>Hamilton</bdi></a>"#);
    page.assert_lacks("/?event=Hamilton");
    page.assert_has(r#"<dd dir="auto">Stalls</dd>"#);
    let plain = page.body.replace('\u{202f}', " ");
    assert!(
        plain.contains(">Sun, Mar 14, 2027, 3:30 PM</time> <span class=\"zone\">(New York time)</span>"),
        "{plain}"
    );
    page.assert_has(r#"data-own-time="2027-03-14T15:30:00-04:00" data-zone="America/New_York""#);
    page.assert_lacks("data-moment");
}

#[tokio::test]
async fn a_seat_that_another_seller_offers_too_is_told() {
    let words = "Another seller has listed the same seat, too";
    Site::answering([ticket(json!({"alsoOffered": true}))]).await.get(PAGE).await.assert_has(words);
    Site::answering([ticket(json!({}))]).await.get(PAGE).await.assert_lacks(words);
}

#[tokio::test]
async fn a_ticket_that_does_not_follow_its_event_any_more_says_what_has_become_of_that() {
    let event = |status: &str| {
        let venue = json!({"name": "Town Hall", "city": "Berlin", "country": "Germany"});
        let starts_at = "2027-03-15T20:30:00+01:00";
        (GET_EVENT, 200, event(json!({"venue": venue, "startsAt": starts_at, "status": status, "version": 1})))
    };
    let of = |state: Value| {
        let fields = json!({
            "event": "Hamilton", "eventId": EVENT, "venue": "Town Hall, Berlin", "timeZone": "Europe/Berlin",
            "startsAt": "2027-03-14T19:30:00.000Z",
        });
        ticket(with(fields, state))
    };
    let (moved, cancelled) = ("This event has been moved. It now takes place:", "This event is cancelled.");
    for (state, status, words) in [
        (json!({"orderId": ORDER}), "moved", Some(moved)),
        (json!({"orderId": ORDER, "sold": true}), "moved", Some(moved)),
        (json!({"orderId": ORDER, "sold": true}), "cancelled", Some(cancelled)),
        (json!({"withdrawn": true}), "cancelled", Some(cancelled)),
        // It follows within seconds.
        (json!({}), "moved", None),
    ] {
        let page = Site::answering([of(state.clone()), event(status)]).await.get(PAGE).await;
        page.assert_has("Mar 14, 2027");
        for said in [moved, cancelled] {
            assert_eq!(page.body.contains(said), words == Some(said), "{state} {status}: {}", page.body);
        }
    }
}
