use serde_json::{Value, json};

use crate::testing::{CannedResponse, Reply, Site, USER};

const ID: &str = "5f1f77bcf86cd799439011aa";
const ORDER: &str = "5f1f77bcf86cd799439011bb";
const SELLER: &str = "5f1f77bcf86cd799439011cc";
const PAGE: &str = "/tickets/5f1f77bcf86cd799439011aa";
const BUY: &str = "/tickets/5f1f77bcf86cd799439011aa/buy";
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
    for shown in
        ["<h1>Two together</h1>", "$20.50", "Hamilton", "Palace", "<dd>Stalls</dd>", "<dd>C</dd>", "<dd>12</dd>"]
    {
        page.assert_has(shown);
    }
    page.assert_has(r#"<time datetime="2027-03-14T19:30:00.000Z" data-moment="day">"#);
    page.assert_has(&format!(r#"<form method="post" action="{BUY}"><button class="primary">Buy this ticket<"#));
    page.assert_has(r#"href="/?q=Hamilton""#);
    assert_offers(&page, "Buy this ticket");
}

#[tokio::test]
async fn a_ticket_without_details_says_so() {
    let page = Site::answering([ticket(json!({"title": "<b>Bold</b>"}))]).await.get(PAGE).await;
    page.assert_has("<h1>&lt;b&gt;Bold&lt;/b&gt;</h1>");
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
    let reply = site.post(BUY, &[]).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/orders/{ORDER}").as_str()));
    assert_eq!(site.calls(), [format!(r#"POST /api/orders {{"ticketId":"{ID}"}}"#)]);
}

#[tokio::test]
async fn a_late_buyer_sees_why_on_the_ticket_page() {
    let refusal = json!({"errors": [{"message": "Ticket is already reserved"}]});
    let page = Site::signed_in([locked(), order(400, refusal)]).await.post(BUY, &[]).await;
    assert_eq!(page.status, 400);
    page.assert_has(r#"<div class="error-summary" role="alert" tabindex="-1">"#);
    page.assert_has("<li>Ticket is already reserved</li>");
    page.assert_has("<h1>Two together</h1>");
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
