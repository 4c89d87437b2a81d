use serde_json::{Value, json};

use super::super::testing::*;
use super::*;
use crate::testing::{Reply, Site};

const NOT_CHARGED: &str = "You were not charged.";

/// The page of an order while its payment says this.
async fn shown(order: Value, status: &str) -> Reply {
    Site::signed_in([(GET_ORDER, 200, order), payment(status)]).await.get(PLACE).await
}

fn cancelled(reason: &str) -> Value {
    with(json!({"status": "cancelled", "reason": reason}))
}

fn refunded(status: &str, state: &str) -> Value {
    with(json!({"status": status, "reason": "expired", "refund": {"state": state, "amount": 20.5}}))
}

#[tokio::test]
async fn not_charged_is_said_only_if_the_payment_says_so() {
    for reason in ["expired", "by-buyer", "payment-failed", "something-new"] {
        shown(cancelled(reason), "not_charged").await.assert_has(NOT_CHARGED);
        // Nobody ever tried to pay it.
        let untried = Site::signed_in([(GET_ORDER, 200, cancelled(reason))]).await.get(PLACE).await;
        untried.assert_has(NOT_CHARGED);
        for status in [
            "processing",
            "action_required",
            "captured",
            "refund_pending",
            "refunded",
            "refund_failed",
            "disputed",
            "?",
        ] {
            shown(cancelled(reason), status).await.assert_lacks(NOT_CHARGED);
        }
    }
}

#[tokio::test]
async fn a_payment_that_cannot_be_read_is_not_guessed_at() {
    for (status, words) in [
        ("cancelled", "We do not know yet whether any money was taken."),
        ("complete", "How your payment stands cannot be read just now."),
    ] {
        let away = (GET_PAYMENT, 503, json!({"errors": [{"code": "unavailable", "message": "Away"}]}));
        let order = with(json!({"status": status, "reason": "expired"}));
        let reply = Site::signed_in([(GET_ORDER, 200, order), away]).await.get(PLACE).await;
        assert_eq!(reply.status, 200);
        reply.assert_has(words);
        reply.assert_has("data-passing");
        reply.assert_has(r#"<meta http-equiv="refresh""#);
        reply.assert_lacks(NOT_CHARGED);
    }
}

#[tokio::test]
async fn the_money_for_an_order_that_has_ended_is_told_as_it_is() {
    for (status, words) in [
        ("processing", "A payment had begun when the order ended."),
        ("action_required", "Nothing was taken, and it is being called off."),
        ("captured", "$20.50 was taken, and the order has ended: it will be given back to you."),
        ("refund_pending", "$20.50 is on its way back to you."),
        ("refunded", "$20.50 has been given back."),
        ("refund_failed", "$20.50 could not be given back to your card. We still owe it to you"),
        ("disputed", "Your bank disputes this payment of $20.50, and has not decided yet."),
        ("evaporated", "We do not know yet whether any money was taken."),
    ] {
        shown(cancelled("expired"), status).await.assert_has(words);
    }
}

#[tokio::test]
async fn a_page_asks_again_while_money_is_on_its_way_back() {
    for (status, is_asked_again) in
        [("refund_pending", true), ("refunded", false), ("refund_failed", false), ("disputed", false)]
    {
        let page = shown(cancelled("expired"), status).await;
        assert_eq!(page.body.contains("data-unheard"), is_asked_again, "{status}");
    }
}

#[tokio::test]
async fn a_late_payment_says_where_the_money_is() {
    for (state, status, words) in [
        ("pending", "refund_pending", "$20.50 is on its way back to you."),
        ("refunded", "refunded", "$20.50 has been given back."),
        ("failed", "refund_failed", "$20.50 could not be given back"),
    ] {
        let reply = shown(refunded("cancelled", state), status).await;
        reply.assert_has("<h1>Your payment came too late</h1>");
        reply.assert_has(words);
        // A refund that the order has heard of is one, also while the payment is not found.
        let reply = Site::signed_in([(GET_ORDER, 200, refunded("cancelled", state))]).await.get(PLACE).await;
        reply.assert_has(words);
        reply.assert_lacks(NOT_CHARGED);
    }
}

#[tokio::test]
async fn a_paid_order_names_the_card() {
    let complete = || (GET_ORDER, 200, with(json!({"status": "complete"})));
    let card = |brand| payment_with("captured", json!({"card": {"brand": brand, "last4": "4242"}}));
    for (brand, name) in [("visa", "Visa"), ("amex", "American Express"), ("something<new>", "something&lt;new&gt;")] {
        let reply = Site::signed_in([complete(), card(brand)]).await.get(PLACE).await;
        reply.assert_has("<h1>The ticket is yours</h1>");
        reply.assert_has(&format!("You paid $20.50 by {name} ending in 4242."));
    }
    Site::signed_in([complete(), payment("captured")]).await.get(PLACE).await.assert_has("You paid $20.50.");
}

#[tokio::test]
async fn money_that_leaves_a_paid_order_is_told() {
    for (order, status, heading, words) in [
        (refunded("complete", "pending"), "refund_pending", "This order is being refunded", "on its way back"),
        (refunded("complete", "refunded"), "refunded", "This order was refunded", "$20.50 has been given back."),
        (refunded("complete", "failed"), "refund_failed", "This refund did not go through", "could not be given back"),
        (disputed("open"), "disputed", "Disputed by your bank", "has not decided yet"),
        (disputed("under-appeal"), "disputed", "Disputed by your bank", "has not decided yet"),
        (disputed("lost"), "disputed", "Your bank took the payment back", "Your bank has taken $20.50 back for you."),
        (disputed("won"), "captured", "The ticket is yours", "has decided that it stands"),
        (disputed("won"), "disputed", "The ticket is yours", "has decided that it stands"),
    ] {
        let reply = shown(order, status).await;
        reply.assert_has(&format!("<h1>{heading}</h1>"));
        reply.assert_has(words);
        reply.assert_has("/receipt\">Receipt");
    }
}

fn disputed(status: &str) -> Value {
    with(json!({"status": "complete", "dispute": status}))
}

#[tokio::test]
async fn a_part_that_goes_back_is_told_as_that_part() {
    let part = with(json!({"status": "complete", "refund": {"state": "refunded", "amount": 5}}));
    shown(part, "refunded").await.assert_has("$5.00 has been given back.");
}

#[test]
fn banks_are_on_the_web() {
    let page = |url: &str| bank_page(&PaymentAction::Redirect { url: url.to_owned() }).map(str::to_owned);
    for url in ["https://hooks.stripe.com/redirect/authenticate/src_1?a=b#c", "http://127.0.0.1:12111/bank/pi_1"] {
        assert_eq!(page(url).as_deref(), Some(url));
    }
    for url in ["", "javascript:alert(1)", "//bank.example", "ftp://bank.example", "https:", "https://a b"] {
        assert_eq!(page(url), None, "{url}");
    }
    assert_eq!(bank_page(&PaymentAction::Other), None);
}

#[tokio::test]
async fn who_was_given_a_part_back_has_bought_the_ticket_all_the_same() {
    for (state, words) in [
        ("pending", "$10.00 is on its way back to you."),
        ("refunded", "$10.00 has been given back."),
        ("failed", "$10.00 could not be given back to your card."),
    ] {
        let order = with(json!({"status": "complete", "refund": {"state": state, "amount": 10}}));
        let reply = shown(order.clone(), "captured").await;
        reply.assert_has("You paid $20.50.");
        reply.assert_has(words);
        reply.assert_has("<h1>The ticket is yours</h1>");
        let list = Site::signed_in([("GET /api/orders", 200, json!([order]))]).await.get("/orders").await;
        list.assert_has(words);
        list.assert_lacks(">Refunded<");
    }
}
