use common::event_change::CHANGE_EVENT;
use common::events::{ChangedStatus, EventChanged};
use common::version::Version;
use common::zone::ZonedTime;
use harness::{Harness, Reply};
use serde_json::{Value, json};

use crate::testing::{added, draft, event_draft, start};

async fn change(app: &Harness, event: &Value, change: Value) -> Reply {
    app.ask(CHANGE_EVENT).json(json!({"event": event["slug"], "change": change})).await
}

async fn told(app: &Harness, event: &Value) -> Value {
    app.get(&format!("/api/events/{}", event["slug"].as_str().expect("a slug"))).send().await.body
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_moved_by_what_is_said_and_keeps_the_rest() {
    let app = start().await;
    let gala = added(&app, &app.user(), event_draft("Gala")).await;
    for (wanted, starts_at, zone, venue) in [
        (json!({"startsAt": "2027-06-13T20:00"}), "2027-06-13T20:00:00+02:00", "Europe/Berlin", "Große Halle"),
        (json!({"venue": "Kleine Halle"}), "2027-06-13T20:00:00+02:00", "Europe/Berlin", "Kleine Halle"),
        (
            json!({"timeZone": "Europe/London", "city": "London", "country": "UK"}),
            "2027-06-13T20:00:00+01:00",
            "Europe/London",
            "Kleine Halle",
        ),
        (json!({"startsAt": "2027-06-13T19:00:00Z"}), "2027-06-13T20:00:00+01:00", "Europe/London", "Kleine Halle"),
    ] {
        let reply = change(&app, &gala, json!({"move": wanted})).await;
        assert_eq!((reply.status, &reply.body["cancelled"]), (200, &json!(false)), "{:?}", reply.body);
        let now = told(&app, &gala).await;
        assert_eq!((&now["startsAt"], &now["timeZone"]), (&json!(starts_at), &json!(zone)), "{wanted}");
        assert_eq!((&now["venue"]["name"], &now["status"]), (&json!(venue), &json!("moved")), "{wanted}");
    }
    let now = told(&app, &gala).await;
    assert_eq!((&now["venue"]["city"], &now["version"]), (&json!("London"), &json!(3)), "the last changed nothing");
    assert_eq!(now["slug"], gala["slug"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_change_of_an_event_is_published_once_and_that_it_was_added_is_not() {
    let app = start().await;
    let gala = added(&app, &app.user(), event_draft("Gala")).await;
    app.settle().await;
    assert_eq!(app.published::<EventChanged>().await, []);
    let later = json!({"move": {"startsAt": "2027-06-13T20:00", "city": "Hamburg"}});
    for wanted in [later.clone(), later, json!("cancel"), json!("cancel")] {
        assert_eq!(change(&app, &gala, wanted).await.status, 200);
    }
    app.settle().await;
    let moved = EventChanged {
        id: gala["id"].as_str().expect("an id").parse().expect("an id"),
        version: Version(1),
        status: ChangedStatus::Moved.into(),
        name: "Gala".into(),
        venue: "Große Halle".into(),
        city: "Hamburg".into(),
        country: "Germany".into(),
        starts_at: ZonedTime::parse("2027-06-13T20:00:00+02:00[Europe/Berlin]").expect("a time"),
        changed_at: app.clock.now(),
    };
    let cancelled = EventChanged { version: Version(2), status: ChangedStatus::Cancelled.into(), ..moved.clone() };
    assert_eq!(app.published::<EventChanged>().await, [moved, cancelled]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_event_is_shown_but_not_found_and_takes_no_tickets() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    for _ in 0..2 {
        let reply = change(&app, &gala, json!("cancel")).await;
        assert_eq!((reply.status, &reply.body["cancelled"]), (200, &json!(true)));
        assert_eq!(reply.body["place"], json!("Große Halle, Berlin, Germany"));
    }
    let now = told(&app, &gala).await;
    assert_eq!((&now["status"], &now["version"]), (&json!("cancelled"), &json!(1)));
    assert_eq!(app.get("/api/events?q=gala").send().await.body, json!([]));
    let mut body = draft("Two together", json!(75));
    body["eventId"] = gala["id"].clone();
    let refused = app.post("/api/tickets").by(&seller).json(body).await;
    assert_eq!((refused.status, refused.messages()), (400, vec!["This event is cancelled"]));
    let moved = change(&app, &gala, json!({"move": {"venue": "Kleine Halle"}})).await;
    assert_eq!((moved.status, moved.codes()), (400, vec!["event_cancelled"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_event_cannot_be_is_refused_and_nobody_changes_it_from_outside() {
    let app = start().await;
    let gala = added(&app, &app.user(), event_draft("Gala")).await;
    for (wanted, field) in [
        (json!({"startsAt": "tomorrow"}), "startsAt"),
        (json!({"startsAt": "2020-01-01T20:00"}), "startsAt"),
        (json!({"startsAt": "2028-03-26T02:30"}), "startsAt"),
        (json!({"timeZone": "Berlin"}), "timeZone"),
        (json!({"venue": " "}), "venue"),
        (json!({"city": "x".repeat(201)}), "city"),
    ] {
        let reply = change(&app, &gala, json!({"move": wanted})).await;
        assert_eq!((reply.status, &reply.body["errors"][0]["field"]), (400, &json!(field)), "{wanted}");
    }
    let unknown = change(&app, &json!({"slug": "unheard"}), json!("cancel")).await;
    let said = &unknown.body["errors"][0]["message"];
    assert_eq!((unknown.status, said), (404, &json!("there is no event that is called unheard, or has this id")));
    let from_outside = app.post(CHANGE_EVENT).json(json!({"event": gala["slug"], "change": "cancel"})).await;
    assert_eq!(from_outside.status, 404);
    assert_eq!(
        (&told(&app, &gala).await["status"], &told(&app, &gala).await["version"]),
        (&json!("public"), &json!(0))
    );
}
