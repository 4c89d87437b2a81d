//! How a ticket comes to its buyer.

use super::*;

#[tokio::test]
async fn a_buyer_is_told_how_the_ticket_comes_to_them() {
    let promised = async |delivery: Value| {
        let details =
            json!({"delivery": delivery, "startsAt": "2027-03-14T19:30:00.000Z", "timeZone": "Europe/Berlin"});
        Site::answering([ticket(details)]).await.get(PAGE).await
    };
    for (delivery, words) in [
        (json!({"mode": "sealed", "seal": 1, "checked": true}), "<strong>We have the ticket or its code.</strong>"),
        (json!({"mode": "sealed", "seal": 1}), "<strong>We have the ticket, not checked.</strong>"),
        (json!({"mode": "ours", "seal": 1}), "<strong>We issue the ticket.</strong>"),
        (json!({"mode": "later", "until": "2027-03-13T19:30:00Z"}), "<strong>You get the ticket before <time"),
        (Value::Null, "<strong>Nothing is promised about the ticket itself.</strong>"),
        (json!({"mode": "pigeon"}), "<strong>Nothing is promised about the ticket itself.</strong>"),
    ] {
        let page = promised(delivery).await;
        page.assert_has(words);
        assert_offers(&page, "Buy this ticket");
    }
    // As clocks at the venue show it.
    promised(json!({"mode": "later", "until": "2027-03-13T19:30:00Z"})).await.assert_has("8:30");
}

#[tokio::test]
async fn only_an_organiser_is_called_one() {
    let shown = async |delivery: Value| Site::answering([ticket(json!({"delivery": delivery}))]).await.get(PAGE).await;
    let (organiser, private) = ("<strong>Its seller organises the event.</strong>", "Its seller is a private person.");
    let by_organiser = shown(json!({"mode": "ours", "seal": 1})).await;
    by_organiser.assert_has(organiser);
    by_organiser.assert_lacks(private);
    // By which order a seller has it, nobody else is told.
    let sold_on = ticket(json!({"delivery": {"mode": "ours", "seal": 1}, "soldOn": true}));
    let page = Site::answering([sold_on]).await.get(PAGE).await;
    page.assert_has(private);
    page.assert_lacks(organiser);
    for delivery in [json!({"mode": "ours", "seal": 1, "boughtBy": ORDER}), json!({"mode": "sealed", "seal": 1})] {
        let page = shown(delivery).await;
        page.assert_has(private);
        page.assert_lacks(organiser);
    }
}

#[tokio::test]
async fn what_we_issue_is_not_to_be_uploaded() {
    let ours = || ticket(json!({"delivery": {"mode": "ours"}}));
    let page = Site::answering([ours()]).await.get(PAGE).await;
    assert_offers(&page, "");
    page.assert_has("It is for sale once we know that it is its seller's to sell.");
    let (call, status, mut own) = ours();
    own["userId"] = json!(USER);
    let page = Site::signed_in([(call, status, own)]).await.get(PAGE).await;
    page.assert_has(&format!(r#"<a class="button" href="{PAGE}/delivery">How it stands</a>"#));
    page.assert_lacks("Upload");
}

#[tokio::test]
async fn what_its_seller_has_yet_to_hand_in_cannot_be_bought() {
    let unsealed = || ticket(json!({"delivery": {"mode": "sealed"}}));
    let page = Site::answering([unsealed()]).await.get(PAGE).await;
    assert_offers(&page, "");
    page.assert_has("Its seller has yet to hand in the ticket itself.");
    page.assert_has(r#"data-state="unsealed""#);
    let (call, status, mut own) = unsealed();
    own["userId"] = json!(USER);
    let page = Site::signed_in([(call, status, own)]).await.get(PAGE).await;
    page.assert_has(&format!(r#"<a class="button primary" href="{PAGE}/delivery">Upload the ticket</a>"#));
    let overdue = ticket(json!({"delivery": {"mode": "later", "until": "2026-11-22T12:00:00Z"}}));
    let page = Site::answering([overdue]).await.get(PAGE).await;
    assert_offers(&page, "");
    page.assert_has("Its seller was to hand it in by now, and has not.");
}

#[tokio::test]
async fn who_has_sold_a_ticket_is_asked_for_it() {
    let later = |until: &str| {
        let sold =
            json!({"userId": USER, "orderId": ORDER, "sold": true, "delivery": {"mode": "later", "until": until}});
        ticket(sold)
    };
    let sealing = json!({"ticketId": ID, "mode": "later", "seal": 0, "codes": 0, "checked": false, "state": "sold"});
    let sealing = ("GET /api/deliveries/tickets/5f1f77bcf86cd799439011aa", 200, sealing);
    let page = Site::signed_in([later("2026-11-30T12:00:00Z"), sealing.clone()]).await.get(PAGE).await;
    page.assert_has("The buyer does not have it yet.");
    page.assert_has(&format!(r#"href="{PAGE}/delivery">Upload the ticket"#));
    let page = Site::signed_in([later("2026-11-22T12:00:00Z"), sealing.clone()]).await.get(PAGE).await;
    page.assert_lacks("The buyer does not have it yet.");
    let mut given = sealing;
    given.2["sealedAt"] = json!("2026-11-22T11:00:00Z");
    let page = Site::signed_in([later("2026-11-30T12:00:00Z"), given]).await.get(PAGE).await;
    page.assert_lacks("The buyer does not have it yet.");
}

/// What takes a listing off the market is that somebody went in with it.
#[tokio::test]
async fn who_went_in_with_what_they_offer_is_told_so_and_not_to_list_it_again() {
    const GET_DELIVERY: &str = "GET /api/deliveries/orders/5f1f77bcf86cd799439011bb";
    let own = || {
        let (call, status, mut own) =
            ticket(json!({"delivery": {"mode": "ours", "seal": 1, "boughtBy": ORDER}, "withdrawn": true}));
        own["userId"] = json!(USER);
        (call, status, own)
    };
    let delivery = |used_at: Value| {
        let delivery = json!({"orderId": ORDER, "ticketId": "5f1f77bcf86cd799439011aa", "state": "released", "mode": "ours",
            "checked": true, "codes": [], "usedAt": used_at});
        (GET_DELIVERY, 200, delivery)
    };
    let page = Site::signed_in([own(), delivery(json!("2027-03-14T18:45:00Z"))]).await.get(PAGE).await;
    page.assert_has("It was used at the door: <time datetime=\"2027-03-14T18:45:00.000Z\"");
    page.assert_lacks("list it again");
    for answers in [vec![own(), delivery(Value::Null)], vec![own()]] {
        Site::signed_in(answers).await.get(PAGE).await.assert_has("list it again");
    }
}
