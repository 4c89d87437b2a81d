use serde_json::{Value, json};

use super::super::order::testing::*;
use super::{Answer, Attempt};
use crate::testing::{CannedResponse, Site};

const PAY: &str = "POST /api/payments";
const PLACE_TO_PAY: &str = "/orders/692199c0bcf86cd7994390bb/pay";
const CARD: [(&str, &str); 1] = [("token", "tok_visa")];

fn being_paid() -> Value {
    json!({"errors": [{"code": "being_paid", "message": "Order is already being paid"}]})
}

fn refusal(message: &str) -> Value {
    json!({"errors": [{"message": message}]})
}

fn taken() -> CannedResponse {
    (PAY, 201, json!({"id": ORDER}))
}

fn now_it_is(changes: Value) -> CannedResponse {
    (GET_ORDER, 200, with(changes))
}

#[tokio::test]
async fn a_paid_order_is_shown_as_paid_once_it_completes() {
    let complete = || now_it_is(json!({"status": "complete"}));
    let site = Site::signed_in([taken(), now_it_is(json!({})), now_it_is(json!({})), complete()]).await;
    let reply = site.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!((reply.status, reply.location()), (303, PLACE));
    assert_eq!(site.calls()[0], format!(r#"POST /api/payments {{"orderId":"{ORDER}","token":"tok_visa"}}"#));
    assert_eq!(site.calls().len(), 4, "the order is asked until it knows");
}

#[tokio::test]
async fn paying_twice_leads_to_the_same_page() {
    let paid = (PAY, 400, refusal("Order has already been paid"));
    let site = Site::signed_in([taken(), paid, now_it_is(json!({"status": "complete"}))]).await;
    for _ in 0..2 {
        let reply = site.post(PLACE_TO_PAY, &CARD).await;
        assert_eq!((reply.status, reply.location()), (303, PLACE));
    }
}

#[tokio::test]
async fn a_payment_that_has_not_reached_the_order_is_shown_as_received() {
    for (answer, notice) in [
        (taken(), "received"),
        ((PAY, 503, refusal("The payment is being checked.")), "pending"),
        ((PAY, 400, being_paid()), "pending"),
    ] {
        let reply = Site::signed_in([answer, now_it_is(json!({}))]).await.post(PLACE_TO_PAY, &CARD).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{PLACE}?payment={notice}").as_str()));
    }
}

#[tokio::test]
async fn a_buyer_whom_the_bank_asks_is_sent_there() {
    let at = |url: &str| (PAY, 202, json!({"id": ORDER, "action": {"type": "redirect", "url": url}}));
    let site = Site::signed_in([at("https://bank.example/c?a=b&c=d")]).await;
    let reply = site.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!(reply.status, 200);
    reply.assert_has(r#"<meta http-equiv="refresh" content="0; url=https://bank.example/c?a=b&amp;c=d">"#);
    reply.assert_has(r#"href="https://bank.example/c?a=b&amp;c=d">Continue at your bank</a>"#);
    for url in ["javascript:alert(1)", "//bank.example", "/orders"] {
        let awaiting = now_it_is(json!({"status": "awaiting:payment"}));
        let reply = Site::signed_in([at(url), awaiting]).await.post(PLACE_TO_PAY, &CARD).await;
        assert_eq!((reply.status, reply.location()), (303, format!("{PLACE}?payment=pending").as_str()), "{url}");
    }
}

#[tokio::test]
async fn a_payment_that_comes_before_its_order_is_sent_again() {
    let early = json!({"errors": [{"code": "not_heard_yet", "message": "Not yet"}]});
    let reply = Site::signed_in([(PAY, 503, early)]).await.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!((reply.status, reply.header("retry-after")), (503, "1"));
    reply.assert_has("<h1>One moment, please</h1>");
    reply.assert_has(&format!(r#"<form method="post" action="{PLACE_TO_PAY}" data-again="1500">"#));
    reply.assert_has(r#"<input type="hidden" name="token" value="tok_visa">"#);
    reply.assert_lacks("being taken");
}

#[tokio::test]
async fn a_payment_that_was_not_begun_can_be_tried_again() {
    let words = "The payment could not be started. You were not charged. Please try again in a moment.";
    let failed = json!({"errors": [{"code": "payment_not_started", "message": words}]});
    let site = Site::signed_in([(PAY, 503, failed), now_it_is(json!({})), test_cards()]).await;
    let reply = site.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!(reply.status, 503);
    reply.assert_has("<h1>Checkout</h1>");
    reply.assert_has(words);
    reply.assert_lacks("try another card");
    reply.assert_lacks("do not pay again");
}

#[test]
fn an_answer_that_is_lost_leaves_the_payment_unknown() {
    let lost = Err(client::Error::Decode("cut off".to_owned()));
    assert_eq!(Answer::of(lost).expect("not a failure"), Answer::Ended(Attempt::Pending));
}

#[tokio::test]
async fn a_declined_card_leads_to_the_order_that_it_ended() {
    let ended = now_it_is(json!({"status": "cancelled", "reason": "payment-failed", "failure": "No."}));
    let declined = (PAY, 402, refusal("No."));
    let awaiting = now_it_is(json!({"status": "awaiting:payment"}));
    let reply = Site::signed_in([declined, awaiting, ended]).await.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!((reply.status, reply.location()), (303, PLACE));
}

#[tokio::test]
async fn a_declined_card_that_leaves_attempts_leads_to_another() {
    let declined = (PAY, 402, refusal("Your card was declined."));
    let awaiting = now_it_is(json!({"status": "awaiting:payment"}));
    let site = Site::signed_in([declined, awaiting, now_it_is(json!({})), test_cards()]).await;
    let reply = site.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        site.calls().iter().filter(|call| call.starts_with("GET /api/orders")).count(),
        2,
        "nobody waits longer"
    );
    reply.assert_has("<h1>Checkout</h1>");
    reply.assert_has(r##"<a href="#token">Your card was declined.</a>"##);
    reply.assert_has(r#"<p class="field-error" id="token-error">Your card was declined.</p>"#);
    reply.assert_has("try another card");
    reply.assert_has(&format!(r#"data-address="{PLACE}""#));
}

#[tokio::test]
async fn the_status_of_an_ended_order_wins_over_the_payment_notice() {
    for (message, order) in [
        ("Order has expired", json!({"status": "cancelled", "reason": "expired"})),
        ("Order has expired", json!({"expiresAt": "2026-11-22T11:59:59.000Z"})),
        ("Cannot pay for a cancelled order", json!({"status": "cancelled", "reason": "by-buyer"})),
    ] {
        let refused = (PAY, 400, refusal(message));
        let reply = Site::signed_in([refused, now_it_is(order)]).await.post(PLACE_TO_PAY, &CARD).await;
        assert_eq!((reply.status, reply.location()), (303, PLACE), "{message}");
    }
}

#[tokio::test]
async fn a_form_without_a_card_is_shown_again_at_once() {
    let refused = (PAY, 400, json!({"errors": [{"message": "Token must be provided", "field": "token"}]}));
    let site = Site::signed_in([refused, now_it_is(json!({})), test_cards()]).await;
    let reply = site.post(PLACE_TO_PAY, &[]).await;
    assert_eq!(reply.status, 400);
    reply.assert_has("Token must be provided");
    assert_eq!(site.calls().iter().filter(|call| call.starts_with("GET /api/orders")).count(), 1);
}

#[tokio::test]
async fn only_the_buyer_can_pay() {
    for (status, message) in [(401, "Not authorized"), (404, "Not Found")] {
        let site = Site::signed_in([(PAY, status, refusal(message))]).await;
        let reply = site.post(PLACE_TO_PAY, &CARD).await;
        assert_eq!(reply.status, 404);
        reply.assert_lacks("somebody else");
    }
    let reply = Site::answering([]).await.post(PLACE_TO_PAY, &CARD).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/signin?next=%2Forders%2F{ORDER}").as_str()));
}

#[tokio::test]
async fn the_forms_own_address_leads_to_the_order() {
    let reply = Site::signed_in([]).await.get(PLACE_TO_PAY).await;
    assert_eq!((reply.status, reply.location()), (303, PLACE));
}

#[tokio::test]
async fn a_buyer_who_may_not_try_another_card_now_is_told_so_and_keeps_the_checkout() {
    for (status, code) in [(429, "too_many_payments"), (429, "too_many_declines"), (503, "payments_busy")] {
        let refused = json!({"errors": [{"code": code, "message": "You were not charged"}]});
        let site = Site::signed_in([(PAY, status, refused), now_it_is(json!({})), test_cards()]).await;
        let page = site.with_header("retry-after", "9").post(PLACE_TO_PAY, &CARD).await;
        assert_eq!((page.status, page.header("retry-after")), (status, "9"));
        page.assert_has("You were not charged");
        page.assert_has("tok_visa");
    }
}
