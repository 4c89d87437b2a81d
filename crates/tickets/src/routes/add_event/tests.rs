use ports::store::Query;
use serde_json::{Value, json};

use crate::domain::Event;
use crate::testing::{added, event_draft, start};

#[tokio::test(flavor = "multi_thread")]
async fn an_added_event_is_returned_and_found_under_its_address_and_its_id() {
    let app = start().await;
    let mut body = event_draft("  Velvet Semaphore ");
    body["tiers"] = json!([{"name": "Stalls", "faceValue": 190}, {"name": "Standing"}]);
    let event = added(&app, &app.user(), body).await;
    let slug = "velvet-semaphore-berlin-2027-06-12";
    let expected = json!({
        "id": event["id"], "slug": slug, "name": "Velvet Semaphore",
        "venue": {"name": "Große Halle", "city": "Berlin", "country": "Germany"},
        "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur",
        "tiers": [{"name": "Stalls", "faceValue": 190}, {"name": "Standing"}], "status": "public", "version": 0,
    });
    assert_eq!(event, expected);
    for name in [slug, event["id"].as_str().expect("an id")] {
        let shown = app.get(&format!("/api/events/{name}")).send().await;
        let mut whole = expected.clone();
        whole["ticketCount"] = json!(0);
        assert_eq!((shown.status, shown.body), (200, whole), "{name}");
    }
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_that_are_called_alike_have_addresses_of_their_own() {
    let app = start().await;
    let user = app.user();
    let mut slugs = Vec::new();
    for number in 0..11 {
        let mut gala = event_draft("Gala");
        gala["venue"]["name"] = json!(format!("Hall {number}"));
        slugs.push(added(&app, &user, gala).await["slug"].as_str().expect("a slug").to_owned());
    }
    assert_eq!(slugs[..3], ["gala-berlin-2027-06-12", "gala-berlin-2027-06-12-2", "gala-berlin-2027-06-12-3"]);
    slugs.sort_unstable();
    slugs.dedup();
    assert_eq!(slugs.len(), 11);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_somebody_has_added_is_not_added_again() {
    let app = start().await;
    let first = added(&app, &app.user(), event_draft("Gala")).await;
    let mut again = event_draft("  GALA");
    (again["venue"]["name"], again["currency"]) = (json!("große  HALLE!"), json!("usd"));
    again["startsAt"] = json!("2027-06-12T19:30:59.5");
    let reply = app.post("/api/events").by(&app.user()).json(again).await;
    assert_eq!((reply.status, reply.body), (200, first));
    let mut later = event_draft("Gala");
    later["startsAt"] = json!("2027-06-12T22:00");
    let later = added(&app, &app.user(), later).await;
    assert_eq!(later["slug"], "gala-berlin-2027-06-12-2", "on the same day, but another");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_broken_rule_is_reported_with_its_field() {
    let app = start().await;
    let user = app.user();
    let impossible =
        "Start is impossible: there is no 2027-03-28T02:30 in Europe/Berlin: the clocks are put forward then";
    for (field, value, at, message) in [
        ("name", json!(null), "name", "Name is required"),
        ("name", json!("x".repeat(201)), "name", "Name must be at most 200 characters"),
        ("venue", json!({"name": "Hall", "city": "Berlin"}), "venue.country", "Country is required"),
        ("venue", json!({"name": 5, "city": "Berlin", "country": "DE"}), "venue.name", "Venue must be text"),
        (
            "venue",
            json!({"name": "x".repeat(150), "city": "y".repeat(49), "country": "DE"}),
            "venue.name",
            "Venue and city must be at most 198 characters together",
        ),
        ("startsAt", json!(null), "startsAt", "Start is required"),
        (
            "startsAt",
            json!("tomorrow"),
            "startsAt",
            "Start must be a time at the venue like 2027-06-12T19:30, or a moment like 2026-11-22T17:43:03Z",
        ),
        ("startsAt", json!("2027-03-28T02:30"), "startsAt", impossible),
        ("startsAt", json!("2020-03-28T02:30"), "startsAt", "Start must be in the future"),
        ("timeZone", json!(null), "timeZone", "Time zone is required"),
        ("timeZone", json!("Berlin"), "timeZone", "Time zone must be one like Europe/Berlin or America/New_York"),
        ("currency", json!(null), "currency", "Currency is required"),
        ("tiers", json!("Stalls"), "tiers", "Tiers must be a list"),
        ("tiers", json!([{"faceValue": 5}]), "tiers.0.name", "Name of a tier is required"),
        (
            "tiers",
            json!([{"name": "A"}, {"name": "B", "faceValue": -5}]),
            "tiers.1.faceValue",
            "Price must be greater than 0",
        ),
        ("tiers", json!(vec![json!({"faceValue": -5}); 21]), "tiers", "Tiers must be at most 20"),
        ("tiers", json!([{"name": "A"}, {"name": "a"}]), "tiers", "Tiers must have different names"),
    ] {
        let mut body = event_draft("Gala");
        body[field] = value;
        let reply = app.post("/api/events").by(&user).json(body).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": at}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{field}");
    }
    let mut body = event_draft("Gala");
    body["tiers"] = json!([{"faceValue": "x"}, "Stalls", {"name": "C"}]);
    let reply = app.post("/api/events").by(&user).json(body).await;
    assert_eq!(reply.status, 400);
    let fields: Vec<_> = (0..3).map(|number| reply.body["errors"][number]["field"].clone()).collect();
    assert_eq!(fields, ["tiers.0.name", "tiers.0.faceValue", "tiers.1.name"]);
    assert_eq!(app.post("/api/events").json(event_draft("Gala")).await.status, 401);
    let unconfirmed = app.post("/api/events").by(&app.unconfirmed_user()).json(event_draft("Gala")).await;
    assert_eq!((unconfirmed.status, unconfirmed.codes()), (403, vec!["address_not_confirmed"]));
    let stored = app.deps.store::<Event>().find(&Query::default()).await.expect("the store answers");
    assert_eq!(stored, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_sent_again_under_its_key_adds_one_event() {
    let app = start().await;
    let user = app.user();
    let add = || app.post("/api/events").by(&user).header("idempotency-key", "a").json(event_draft("Gala"));
    let (first, again) = tokio::join!(add(), add());
    assert_eq!((first.status, again.status, &first.body), (201, 201, &again.body));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_types_is_offered_the_next_events() {
    let app = start().await;
    let user = app.user();
    let mut later = event_draft("Łódź Nights");
    later["startsAt"] = json!("2027-08-01T20:00");
    let later = added(&app, &user, later).await;
    let sooner = added(&app, &user, event_draft("Velvet Semaphore")).await;
    let mut moved_on = event_draft("Velvet Night");
    moved_on["startsAt"] = json!("2027-06-01T20:00");
    let moved_on = added(&app, &user, moved_on).await;
    for (query, found) in [
        ("", vec![&moved_on, &sooner, &later]),
        ("?q=", vec![&moved_on, &sooner, &later]),
        ("?q=velv", vec![&moved_on, &sooner]),
        ("?q=lodz", vec![&later]),
        ("?q=berlin+sema", vec![&sooner]),
        ("?q=grosse+halle+nights", vec![&later]),
        ("?q=nobody", vec![]),
        ("?q=%3F!", vec![]),
    ] {
        let reply = app.get(&format!("/api/events{query}")).send().await;
        assert_eq!((reply.status, reply.body), (200, json!(found)), "{query}");
    }
    app.clock.advance(until("2027-06-12T17:30:00.001Z", &app));
    let reply = app.get("/api/events").send().await;
    assert_eq!(reply.body, json!([later]), "the others have begun");
    let too_long: Value = app.get(&format!("/api/events?q={}", "x".repeat(201))).send().await.body;
    assert_eq!(too_long["errors"][0]["field"], "q");
}

fn until(moment: &str, app: &harness::Harness) -> std::time::Duration {
    common::time::Timestamp::parse(moment).expect("a moment").since(app.clock.now())
}
