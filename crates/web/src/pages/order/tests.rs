use serde_json::{Value, json};

use super::testing::*;
use crate::testing::{CannedResponse, EVENT, GET_EVENT, Reply, Site, event};

/// The page of an order like this, with every response it may need.
async fn shown(order: Value) -> Reply {
    shown_at(PLACE, order).await
}

async fn shown_at(place: &str, order: Value) -> Reply {
    let answers: [CannedResponse; 2] = [(GET_ORDER, 200, order), test_cards()];
    Site::signed_in(answers).await.get(place).await
}

fn cancelled(reason: &str) -> Value {
    with(json!({"status": "cancelled", "reason": reason}))
}

#[tokio::test]
async fn an_unpaid_order_asks_for_a_card_until_its_time_is_up() {
    let reply = shown(created()).await;
    assert_eq!(reply.status, 200);
    reply.assert_has("<h1>Checkout</h1>");
    reply.assert_has(r#"role="timer" data-expires-at="1795349520000" data-now="1795348800000""#);
    reply.assert_has("Reserved for you until <time");
    reply.assert_has("(12 minutes left)");
    reply.assert_has("Test mode");
    reply.assert_has(r#"<label for="token">Test card</label>"#);
    reply.assert_has(r#"<option value="tok_chargeDeclined">Declined: 4000 0000 0000 0002</option>"#);
    reply.assert_has("Pay $20.50</button>");
    reply.assert_has("Cancel order</button>");
    for bought in [
        "Section <bdi>A</bdi>, Row <bdi>1</bdi>, Seat <bdi>12</bdi>",
        "Mañana",
        "Town Hall",
        "Sun, Mar 14, 2027",
        "9943-90BB",
    ] {
        reply.assert_has(bought);
    }
    reply.assert_has("Row &lt;A&gt; &amp; B");
    reply.assert_lacks("stripe.com");
}

#[tokio::test]
async fn an_overdue_order_cannot_be_paid() {
    let reply = shown(with(json!({"expiresAt": "2026-11-22T12:00:00.000Z"}))).await;
    reply.assert_has("Your time to pay is over");
    reply.assert_has("data-passing");
    reply.assert_lacks("Pay $");
}

#[tokio::test]
async fn every_order_state_is_shown_with_the_next_step() {
    let back = format!(r#"href="/tickets/{TICKET}">Back to the ticket"#);
    for (order, heading, step) in [
        (with(json!({"status": "complete"})), "The ticket is yours", "/receipt\">Receipt"),
        (cancelled("expired"), "Your reservation has expired", &back),
        (cancelled("by-buyer"), "You cancelled this order", &back),
        (cancelled("late-payment"), "Your payment came too late", &back),
        (with(json!({"status": "awaiting:payment"})), "Your payment is being taken", "Look again"),
    ] {
        let reply = shown(order).await;
        assert_eq!(reply.status, 200);
        reply.assert_has(&format!("<h1>{heading}</h1>"));
        reply.assert_has(step);
        reply.assert_lacks("Pay $");
        reply.assert_lacks("role=\"timer\"");
    }
}

#[tokio::test]
async fn who_has_paid_without_an_address_of_their_own_is_told_to_give_one() {
    const SAID: &str = "so we send you no mail about this order";
    let of = |is_confirmed: bool| {
        json!({"currentUser": {"id": crate::testing::USER, "email": "ada@example.com", "iat": 1,
            "addressConfirmed": is_confirmed}})
    };
    let shown = async |is_confirmed: bool, order: Value| {
        let answers = [(GET_ORDER, 200, order), test_cards(), ("GET /api/users/currentuser", 200, of(is_confirmed))];
        Site::signed_in(answers).await.get(PLACE).await
    };
    let paid = shown(false, with(json!({"status": "complete"}))).await;
    paid.assert_has(SAID);
    paid.assert_has(r#"<a href="/account">Confirm or change your address</a>"#);
    shown(true, with(json!({"status": "complete"}))).await.assert_lacks(SAID);
    shown(false, cancelled("expired")).await.assert_lacks(SAID);
}

#[tokio::test]
async fn a_declined_payment_says_why() {
    let mut order = cancelled("payment-failed");
    order["failure"] = json!("Your card has <expired>.");
    let reply = shown(order).await;
    reply.assert_has("<h1>Your payment was declined</h1>");
    reply.assert_has("Your card has &lt;expired&gt;.");
}

#[tokio::test]
async fn what_was_bought_is_shown_and_never_the_ticket_as_it_is_now() {
    for status in ["created", "awaiting:payment", "complete", "cancelled"] {
        let site = Site::signed_in([(GET_ORDER, 200, with(json!({"status": status}))), test_cards()]).await;
        let reply = site.get(PLACE).await;
        for bought in [
            "Row &lt;A&gt; &amp; B",
            "Mañana",
            "Town Hall",
            "Section <bdi>A</bdi>, Row <bdi>1</bdi>, Seat <bdi>12</bdi>",
            "$20.50",
        ] {
            reply.assert_has(bought);
        }
        assert!(site.calls().iter().all(|call| !call.contains("/api/tickets")), "{:?}", site.calls());
    }
}

#[tokio::test]
async fn a_payment_the_order_has_not_heard_of_is_not_asked_for_again() {
    let reply = shown_at(&format!("{PLACE}?payment=received"), created()).await;
    reply.assert_has("<h1>Payment received, confirming</h1>");
    reply.assert_lacks("Pay $");
    let reply = shown_at(&format!("{PLACE}?payment=pending"), created()).await;
    reply.assert_has("<h1>Your payment is being taken</h1>");
    reply.assert_has(&format!(r#"href="{PLACE}">Back to the checkout"#));
    for nonsense in ["payment=complete", "payment=received&payment=x", "payment=%FF", "payment"] {
        shown_at(&format!("{PLACE}?{nonsense}"), created()).await.assert_has("<h1>Checkout</h1>");
    }
}

#[tokio::test]
async fn an_attempt_that_has_ended_leads_back_to_the_checkout() {
    let failed = payment_with("not_charged", json!({"reason": "Your card was <declined>."}));
    let answers = [(GET_ORDER, 200, created()), failed, test_cards()];
    let site = Site::signed_in(answers).await;
    // Also for a buyer who comes back from their bank.
    for place in [format!("{PLACE}?payment=pending"), format!("{PLACE}?payment_intent=pi_1"), PLACE.to_owned()] {
        let reply = site.get(&place).await;
        assert_eq!(reply.status, 200);
        reply.assert_has("<h1>Checkout</h1>");
        reply.assert_has(r#"id="token-error">Your card was &lt;declined&gt;."#);
        reply.assert_has("try another card");
    }
}

#[tokio::test]
async fn while_it_is_being_paid_it_cannot_be_cancelled_and_the_page_follows() {
    let reply = shown(with(json!({"status": "awaiting:payment"}))).await;
    reply.assert_has("Meanwhile the order cannot be cancelled.");
    reply.assert_lacks("Cancel order");
    reply.assert_has("data-passing");
    reply.assert_has(r#"<noscript><meta http-equiv="refresh" content="3"></noscript>"#);
    shown(with(json!({"status": "complete"}))).await.assert_lacks("refresh");
}

#[tokio::test]
async fn a_buyer_whom_the_bank_waits_for_is_led_there() {
    let awaiting = || (GET_ORDER, 200, with(json!({"status": "awaiting:payment"})));
    let at = |url: &str| payment_with("action_required", json!({"action": {"type": "redirect", "url": url}}));
    let reply = Site::signed_in([awaiting(), at("https://bank.example/c?a=b&c=d")]).await.get(PLACE).await;
    reply.assert_has("<h1>Your bank asks you to confirm</h1>");
    reply.assert_has(r#"href="https://bank.example/c?a=b&amp;c=d">Continue at your bank</a>"#);
    reply.assert_has("role=\"timer\"");
    reply.assert_has("data-passing");
    for url in ["javascript:alert(1)", "/orders", "data:text/html,x", "https://", ""] {
        let reply = Site::signed_in([awaiting(), at(url)]).await.get(PLACE).await;
        reply.assert_has("<h1>Your bank asks you to confirm</h1>");
        reply.assert_lacks("Continue at your bank");
        reply.assert_lacks("javascript:");
    }
}

#[tokio::test]
async fn a_buyer_whom_the_bank_waits_for_may_use_another_card() {
    let answers =
        [(GET_ORDER, 200, with(json!({"status": "awaiting:payment"}))), payment("action_required"), test_cards()];
    let site = Site::signed_in(answers).await;
    site.get(PLACE).await.assert_has(&format!(r#"href="{PLACE}?card=another">Use another card"#));
    let reply = site.get(&format!("{PLACE}?card=another")).await;
    reply.assert_has("Pay $20.50</button>");
    reply.assert_has(&format!(r#"data-address="{PLACE}?card=another""#));
    reply.assert_lacks("Cancel order");
    // Once the bank has what it waited for, there is nothing to pay.
    let answers = [(GET_ORDER, 200, with(json!({"status": "awaiting:payment"}))), payment("processing")];
    Site::signed_in(answers).await.get(&format!("{PLACE}?card=another")).await.assert_lacks("Pay $");
}

#[tokio::test]
async fn a_page_that_the_bank_sends_back_to_is_the_orders() {
    let place = format!("{PLACE}?payment_intent=pi_1&payment_intent_client_secret=secret&redirect_status=succeeded");
    let answers = [(GET_ORDER, 200, with(json!({"status": "awaiting:payment"}))), payment("processing")];
    let reply = Site::signed_in(answers).await.get(&place).await;
    reply.assert_has("<h1>Your payment is being taken</h1>");
    reply.assert_lacks("secret");
}

#[tokio::test]
async fn real_cards_are_taken_by_stripe_alone() {
    let config = ("GET /api/payments/config", 200, json!({"publishableKey": "pk_live_\"1", "testMode": false}));
    let reply = Site::signed_in([(GET_ORDER, 200, created()), config]).await.get(PLACE).await;
    reply.assert_has(r#"<script defer src="https://js.stripe.com/v3/"></script>"#);
    reply.assert_has(r#"data-publishable-key="pk_live_&quot;1" data-amount="2050" data-currency="usd""#);
    reply.assert_has(r#"<input type="hidden" name="token">"#);
    reply.assert_has("<noscript>");
    reply.assert_lacks("Test card");
    reply.assert_lacks("Test mode");
    let policy = reply.header("content-security-policy");
    for source in ["script-src 'self' https://js.stripe.com", "frame-src https://js.stripe.com"] {
        assert!(policy.contains(source), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    // Apple Pay and Google Pay are part of Stripe's form, and ask the browser for this.
    let permissions = reply.header("permissions-policy");
    assert!(!permissions.contains("payment"), "{permissions}");
}

#[tokio::test]
async fn nothing_of_stripes_is_allowed_where_it_is_not_needed() {
    for order in [created(), with(json!({"status": "complete"}))] {
        let policy = shown(order).await.header("content-security-policy").to_owned();
        assert!(!policy.contains("stripe"), "{policy}");
    }
}

#[tokio::test]
async fn the_page_says_when_cards_cannot_be_taken() {
    let config = ("GET /api/payments/config", 200, json!({"publishableKey": null, "testMode": false}));
    let reply = Site::signed_in([(GET_ORDER, 200, created()), config]).await.get(PLACE).await;
    reply.assert_has("Cards cannot be taken here just now");
    reply.assert_has("Cancel order");
    reply.assert_lacks("Test card");
}

#[tokio::test]
async fn an_order_of_another_user_looks_like_a_missing_one() {
    let theirs = ("GET /api/orders/692199c0bcf86cd7994390bb", 401, json!({"errors": [{"message": "Not authorized"}]}));
    let theirs = Site::signed_in([theirs]).await.get(PLACE).await;
    let none = Site::signed_in([]).await.get(PLACE).await;
    assert_eq!((theirs.status, &theirs.body), (404, &none.body));
    assert_eq!(Site::signed_in([]).await.get("/orders/nonsense").await.status, 404);
}

#[tokio::test]
async fn strangers_sign_in_and_come_back() {
    let reply = Site::answering([]).await.get(PLACE).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/signin?next=%2Forders%2F{ORDER}").as_str()));
}

#[tokio::test]
async fn the_buyer_sees_what_has_become_of_the_event_beside_what_was_bought() {
    let mut ticket = created()["ticket"].clone();
    ticket["eventId"] = json!(EVENT);
    let event = |starts_at: &str, status: &str| {
        let venue = json!({"name": "Town Hall", "city": "Berlin", "country": "Germany"});
        (GET_EVENT, 200, event(json!({"venue": venue, "startsAt": starts_at, "status": status, "version": 1})))
    };
    ticket["venue"] = json!("Town Hall, Berlin");
    let order = (GET_ORDER, 200, with(json!({"status": "complete", "version": 2, "ticket": ticket})));
    let (moved, cancelled) = ("This event has been moved. It now takes place:", "This event is cancelled.");
    for (event, words) in [
        (event("2027-03-14T20:30:00+01:00", "moved"), None),
        (event("2027-03-15T20:30:00+01:00", "moved"), Some(moved)),
        (event("2027-03-14T20:30:00+01:00", "cancelled"), Some(cancelled)),
    ] {
        let page = Site::signed_in([order.clone(), payment("captured"), event]).await.get(PLACE).await;
        assert_eq!(page.status, 200);
        page.assert_has("Mar 14, 2027");
        for said in [moved, cancelled] {
            assert_eq!(page.body.contains(said), words == Some(said), "{said}: {}", page.body);
        }
    }
    let cancelled = event("2027-03-14T20:30:00+01:00", "cancelled");
    let page = Site::signed_in([order.clone(), payment("captured"), cancelled.clone()]).await.get(PLACE).await;
    page.assert_has("<h1>The event was cancelled</h1>");
    page.assert_has("That alone does not bring your money back");
    page.assert_lacks("Enjoy the show");
    page.assert_lacks("Add to calendar");
    let unpaid = (GET_ORDER, 200, with(json!({"ticket": ticket})));
    let page = Site::signed_in([unpaid, test_cards(), cancelled]).await.get(PLACE).await;
    page.assert_has("so this order cannot be paid");
    page.assert_lacks("Pay $");
    page.assert_has(">Cancel order</button>");
    let away = Site::signed_in([order, payment("captured")]).await.get(PLACE).await;
    assert_eq!(away.status, 200, "and without news if nobody answers");
}
