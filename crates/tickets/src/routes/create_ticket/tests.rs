use common::events::TicketCreated;
use ports::store::Query;
use serde_json::{Value, json};

use crate::domain::Ticket;
use crate::store::snapshot;
use crate::testing::{added, draft, event_draft, listed, start};

#[tokio::test(flavor = "multi_thread")]
async fn a_listed_ticket_is_returned_stored_and_published() {
    let app = start().await;
    let seller = app.user();
    let reply = app.post("/api/tickets").by(&seller).json(draft("  Concert ", json!(20.5))).await;
    assert_eq!(reply.status, 201);
    let id = reply.body["id"].as_str().expect("an id");
    let expected = json!({
        "id": id, "title": "Concert", "price": 20.5, "currency": "usd", "userId": seller.id, "version": 0,
    });
    assert_eq!(reply.body, expected);
    let stored = app.deps.store::<Ticket>().get(id).await.expect("the store answers").expect("it is stored");
    assert_eq!((stored.title.as_str(), stored.seller, stored.version.0), ("Concert", seller.id, 0));
    app.settle().await;
    let published = app.published::<TicketCreated>().await;
    assert_eq!(published, [TicketCreated(snapshot(&stored))]);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_details_are_kept() {
    let app = start().await;
    let body = json!({
        "title": "Łódź 🎸 می\u{200c}خواهم", "price": "20.00", "currency": "pln", "event": " Noc ", "venue": "Hala Łódź",
        "startsAt": "2027-03-14T20:30:00.5+01:00", "section": "A", "row": "1", "seat": "12",
        "id": "5f1f77bcf86cd799439011aa", "version": 7, "userId": "me", "sold": true, "$where": "1", "a.b": 1,
    });
    let ticket = listed(&app, &app.user(), body).await;
    let details: Vec<_> = ["title", "price", "currency", "event", "venue", "startsAt", "section", "row", "seat"]
        .map(|field| ticket[field].clone())
        .to_vec();
    let expected =
        json!(["Łódź 🎸 می\u{200c}خواهم", 20, "pln", "Noc", "Hala Łódź", "2027-03-14T19:30:00.500Z", "A", "1", "12"]);
    assert_eq!(Value::from(details), expected);
    assert_eq!((&ticket["version"], ticket.get("sold")), (&json!(0), None));
    assert_ne!(ticket["id"], json!("5f1f77bcf86cd799439011aa"));
}

#[tokio::test(flavor = "multi_thread")]
async fn null_and_blank_details_are_left_out() {
    let app = start().await;
    let body = json!({
        "title": "Concert", "price": 1, "currency": null, "event": null, "venue": " ", "startsAt": null, "seat": "",
    });
    let ticket = listed(&app, &app.user(), body).await;
    assert_eq!(ticket.as_object().map(|fields| fields.len()), Some(6), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_rule_is_reported_with_its_field() {
    let app = start().await;
    let seller = app.user();
    let long = "x".repeat(10_000);
    for (field, value, message) in [
        ("title", json!(null), "Title is required"),
        ("title", json!(" "), "Title is required"),
        ("title", json!({"$ne": null}), "Title must be text"),
        ("title", json!(["Concert"]), "Title must be text"),
        ("title", json!(long), "Title must be at most 200 characters"),
        ("title", json!("a\u{0}b"), "Title must not contain control characters"),
        ("price", json!(null), "Price must be greater than 0"),
        ("price", json!(0), "Price must be greater than 0"),
        ("price", json!(-1), "Price must be greater than 0"),
        ("price", json!("free"), "Price must be greater than 0"),
        ("price", json!({"$gt": 0}), "Price must be greater than 0"),
        ("price", json!(0.001), "Price must have at most 2 decimal places"),
        ("price", json!(1e308), "Price must be at most 999999.99"),
        ("currency", json!("xyz"), "Currency must be one of usd, eur, gbp, cad, aud, chf, sek, nok, dkk, pln"),
        ("currency", json!(1), "Currency must be one of usd, eur, gbp, cad, aud, chf, sek, nok, dkk, pln"),
        ("event", json!(5), "Event must be text"),
        ("venue", json!("v".repeat(201)), "Venue must be at most 200 characters"),
        (
            "startsAt",
            json!("tomorrow"),
            "Start must be a time at the venue like 2027-06-12T19:30, or a moment like 2026-11-22T17:43:03Z",
        ),
        (
            "startsAt",
            json!(1_700_000_000),
            "Start must be a time at the venue like 2027-06-12T19:30, or a moment like 2026-11-22T17:43:03Z",
        ),
        ("section", json!(true), "Section must be text"),
        ("row", json!("a\nb"), "Row must not contain control characters"),
        ("seat", json!([1]), "Seat must be text"),
    ] {
        let mut body = draft("Concert", json!(20));
        body[field] = value;
        let reply = app.post("/api/tickets").by(&seller).json(body).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": field}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{field}");
    }
    let reply = app.post("/api/tickets").by(&seller).json(json!({})).await;
    assert_eq!(reply.messages(), ["Title is required", "Price must be greater than 0"]);
    let stored = app.deps.store::<Ticket>().find(&Query::default()).await.expect("the store answers");
    assert_eq!(stored, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_card_can_pay_is_not_listed() {
    let app = start().await;
    let seller = app.user();
    for (currency, too_little, message, enough) in [
        ("usd", 0.49, "Price must be at least 0.50 USD", 0.5),
        ("sek", 2.99, "Price must be at least 3.00 SEK", 3.0),
        ("pln", 1.99, "Price must be at least 2.00 PLN", 2.0),
    ] {
        let list = |price: f64| {
            let mut body = draft("Concert", json!(price));
            body["currency"] = currency.into();
            app.post("/api/tickets").by(&seller).json(body)
        };
        let refused = list(too_little).await;
        assert_eq!((refused.status, refused.messages()), (400, vec![message]));
        assert_eq!(refused.body["errors"][0]["field"], "price");
        assert_eq!(list(enough).await.status, 201, "{currency}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_a_json_object_is_refused() {
    let app = start().await;
    let seller = app.user();
    for body in [json!(["Concert", 20]), json!("Concert"), json!(null), json!(7)] {
        let reply = app.post("/api/tickets").by(&seller).json(body.clone()).await;
        assert_eq!((reply.status, reply.messages().len()), (400, 1), "{body}");
    }
    let json = ("content-type", "application/json");
    let broken = app.post("/api/tickets").by(&seller).header(json.0, json.1).raw("{\"title\":").await;
    assert_eq!((broken.status, broken.messages()), (400, vec!["The body is not valid JSON"]));
    let huge = format!("{{\"title\":\"{}\"}}", "x".repeat(65 * 1024));
    let huge = app.post("/api/tickets").by(&seller).header(json.0, json.1).raw(huge).await;
    assert_eq!((huge.status, huge.messages().len()), (413, 1));
    let form = app.post("/api/tickets").by(&seller).raw("title=Concert&price=20").await;
    assert_eq!((form.status, form.messages().len()), (415, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_signed_in_users_can_list_a_ticket() {
    let app = start().await;
    let reply = app.post("/api/tickets").json(json!({})).await;
    assert_eq!(
        (reply.status, reply.body),
        (401, json!({"errors": [{"code": "not_authorized", "message": "Not authorized"}]}))
    );
    let forged =
        app.post("/api/tickets").header("cookie", "session=e30.e30.e30").json(draft("Concert", json!(20))).await;
    assert_eq!(forged.status, 401);
}

/// Back and send again, or a double click, must not sell one ticket twice.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_again_under_its_key_lists_one_ticket() {
    let app = start().await;
    let seller = app.user();
    let list = |key: &str, title: &str| {
        app.post("/api/tickets").by(&seller).header("idempotency-key", key).json(draft(title, json!(20)))
    };
    let (first, again) = tokio::join!(list("a", "Concert"), list("a", "Concert"));
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
    assert_eq!(list("a", "Opera").await.codes(), ["idempotency_key_reused"]);
    assert_eq!(list("b", "Concert").await.status, 201);
    let mine = app.get("/api/tickets?seller=me").by(&seller).send().await.body;
    assert_eq!(mine.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_yet_to_confirm_their_address_lists_nothing() {
    let app = start().await;
    let reply = app.post("/api/tickets").by(&app.unconfirmed_user()).json(draft("Concert", json!(20))).await;
    assert_eq!((reply.status, reply.codes()), (403, vec!["address_not_confirmed"]));
    assert!(app.deps.store::<Ticket>().find(&Query::default()).await.expect("the store answers").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_of_day_at_the_venue_needs_its_zone() {
    let app = start().await;
    let seller = app.user();
    let list = |starts_at: &str, zone: &str| {
        let mut body = draft("Concert", json!(20));
        (body["startsAt"], body["timeZone"]) = (json!(starts_at), json!(zone));
        app.post("/api/tickets").by(&seller).json(body)
    };
    let ticket = list("2027-06-12T19:30", "europe/berlin").await.body;
    let expected = (&json!("2027-06-12T17:30:00.000Z"), &json!("Europe/Berlin"));
    assert_eq!((&ticket["startsAt"], &ticket["timeZone"]), expected);
    for (starts_at, zone, field, message) in [
        (
            "2027-06-12T19:30",
            "",
            "timeZone",
            "Time zone is required with a time of day at the venue: one like Europe/Berlin",
        ),
        ("2027-06-12T19:30", "Berlin", "timeZone", "Time zone must be one like Europe/Berlin or America/New_York"),
        (
            "2027-03-28T02:30",
            "Europe/Berlin",
            "startsAt",
            "Start is impossible: there is no 2027-03-28T02:30 in Europe/Berlin: the clocks are put forward then",
        ),
    ] {
        let reply = list(starts_at, zone).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": field}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{starts_at} {zone}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_ticket_comes_to_its_buyer_is_promised() {
    let app = start().await;
    let seller = app.user();
    let list = |delivery: Option<Value>| {
        let mut body = draft("Concert", json!(20));
        body["startsAt"] = json!("2027-06-12T19:30:00Z");
        delivery.into_iter().for_each(|delivery| body["delivery"] = delivery);
        app.post("/api/tickets").by(&seller).json(body)
    };
    let until = |moment: &str| json!({"mode": "later", "until": moment});
    for (sent, promised) in [
        (None, until("2027-06-11T19:30:00.000Z")),
        (Some(Value::Null), until("2027-06-11T19:30:00.000Z")),
        (Some(json!({"mode": "later"})), until("2027-06-11T19:30:00.000Z")),
        (Some(json!({"mode": "later", "until": ""})), until("2027-06-11T19:30:00.000Z")),
        (Some(until("2027-06-01T12:00:00+02:00")), until("2027-06-01T10:00:00.000Z")),
        (Some(json!({"mode": "sealed", "seal": 7, "checked": true})), json!({"mode": "sealed", "checked": false})),
    ] {
        let reply = list(sent.clone()).await;
        assert_eq!((reply.status, &reply.body["delivery"]), (201, &promised), "{sent:?}");
    }
    let no_mode = "Delivery must have a mode: sealed, later or ours";
    for (sent, field, message) in [
        (json!("sealed"), "delivery", no_mode),
        (json!({"mode": "pigeon"}), "delivery", no_mode),
        (json!({"mode": {"$ne": 1}}), "delivery", no_mode),
        (json!([]), "delivery", no_mode),
        (until("soon"), "delivery", "Delivery must be until a moment like 2026-11-22T17:43:03Z"),
        (json!({"mode": "ours", "boughtBy": 5}), "delivery", "Delivery must say boughtBy the id of an order"),
        (json!({"mode": "ours"}), "eventId", "Delivery by us needs an event: eventId is required"),
        (until("2027-06-12T00:00:00Z"), "delivery", "A later delivery must be at least a day before the event starts"),
        (
            until("2020-06-12T00:00:00Z"),
            "delivery",
            "A later delivery must be in the future, and at least a day before the event starts",
        ),
    ] {
        let reply = list(Some(sent.clone())).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": field}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_knows_the_date_of_promises_nothing_unless_it_is_sealed() {
    let app = start().await;
    let seller = app.user();
    assert_eq!(listed(&app, &seller, draft("Concert", json!(20))).await.get("delivery"), None);
    let mut body = draft("Concert", json!(20));
    body["delivery"] = json!({"mode": "later"});
    let refused = app.post("/api/tickets").by(&seller).json(body.clone()).await;
    let error = json!({
        "code": "invalid_field", "message": "Start is required for a ticket that is delivered later",
        "field": "startsAt",
    });
    assert_eq!((refused.status, refused.body), (400, json!({"errors": [error]})));
    body["delivery"] = json!({"mode": "sealed"});
    let checked = app.post("/api/tickets/check").by(&seller).json(body.clone()).await;
    assert_eq!((checked.status, &checked.body["delivery"]["mode"]), (200, &json!("sealed")));
    assert_eq!(listed(&app, &seller, body).await["delivery"], checked.body["delivery"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_issue_is_to_a_known_event_and_not_for_sale_until_it_is_found_to_be_the_sellers() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut body = draft("Concert", json!(20));
    let ours = json!({"mode": "ours", "boughtBy": "5f1f77bcf86cd799439011a2"});
    (body["eventId"], body["delivery"]) = (gala["id"].clone(), ours.clone());
    assert_eq!(listed(&app, &seller, body).await["delivery"], ours);
    assert_eq!(app.get("/api/tickets").send().await.body, json!([]));
}
