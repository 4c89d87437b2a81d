use axum::body::to_bytes;
use serde_json::{Value, json};

use super::*;
use crate::pages::order::testing::{self as order, ORDER};
use crate::testing::{self, EVENT, GET_EVENT, NOW, Site};

fn entry() -> Entry {
    Entry {
        id: "event-1".into(),
        version: Version(3),
        status: Status::Confirmed,
        begins: Timestamp::parse("2027-06-12T17:30:00Z").expect("a moment"),
        name: "Gala".into(),
        place: None,
        description: String::new(),
        address: None,
    }
}

async fn written(entry: &Entry) -> String {
    let response = file(entry, Timestamp::parse(NOW).expect("a moment"));
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    String::from_utf8(body.to_vec()).expect("text")
}

/// The lines as they were before they were folded.
fn lines(file: &str) -> Vec<String> {
    file.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

#[tokio::test]
async fn an_entry_is_one_event_in_utc() {
    let file = written(&entry()).await;
    let mut lines = lines(&file);
    // Their order in the event means nothing.
    lines[4..10].sort_unstable();
    let expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Ticketing//Tickets//EN",
        "BEGIN:VEVENT",
        "DTSTAMP:20261122T120000Z",
        "DTSTART:20270612T173000Z",
        "SEQUENCE:3",
        "STATUS:CONFIRMED",
        "SUMMARY:Gala",
        "UID:event-1",
        "END:VEVENT",
        "END:VCALENDAR",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn what_people_write_adds_no_line_and_long_lines_are_folded() {
    let name = format!("Gala; \\ Ball, {}", "Straßenbahn 東京 🎭 ".repeat(12));
    let (place, description) = ("Halle, Berlin".to_owned(), "Row A\nSeat: 1\nEND:VEVENT".to_owned());
    let file = written(&Entry { name: name.clone(), place: Some(place), description, ..entry() }).await;
    for line in file.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{} octets: {line}", line.len());
    }
    assert!(file.ends_with("END:VCALENDAR\r\n"));
    let lines = lines(&file);
    assert_eq!(lines.iter().filter(|line| *line == "END:VEVENT").count(), 1);
    let summary = format!("SUMMARY:{}", name.replace('\\', r"\\").replace(';', r"\;").replace(',', r"\,"));
    for expected in [summary.as_str(), r"LOCATION:Halle\, Berlin", r"DESCRIPTION:Row A\nSeat: 1\nEND:VEVENT"] {
        assert!(lines.iter().any(|line| line == expected), "{expected}: {file}");
    }
}

fn event(status: &str) -> Value {
    testing::event(json!({"id": ORDER, "status": status, "version": 2}))
}

#[tokio::test]
async fn an_events_page_offers_it_for_calendars_whatever_becomes_of_it() {
    for (status, said, is_offered) in
        [("public", "CONFIRMED", true), ("moved", "CONFIRMED", true), ("cancelled", "CANCELLED", false)]
    {
        let site =
            Site::answering([("GET /api/events/gala", 200, event(status)), ("GET /api/tickets", 200, json!([]))]);
        let site = site.await;
        let page = site.get("/e/gala").await;
        assert_eq!(page.body.contains(r#"<a href="/e/gala/event.ics">Add to calendar</a>"#), is_offered, "{status}");
        let file = site.get("/e/gala/event.ics").await;
        assert_eq!((file.status, file.header("content-type")), (200, "text/calendar; charset=utf-8"));
        let lines = lines(&file.body);
        for expected in [
            &format!("UID:event-{ORDER}"),
            "SEQUENCE:2",
            "DTSTART:20270612T173000Z",
            r"LOCATION:Hall\, Berlin\, Germany",
            "URL:https://tickets.example.com/e/gala",
            &format!("STATUS:{said}"),
        ] {
            assert!(lines.iter().any(|line| line == expected), "{status}, {expected}: {lines:?}");
        }
    }
    assert_eq!(Site::answering([]).await.get("/e/gala/event.ics").await.status, 404);
    assert_eq!(Site::answering([]).await.get("/e/GALA/event.ics").await.status, 404);
    let nowhere = Site::without_address([("GET /api/events/gala", 200, event("public"))]).await;
    nowhere.get("/e/gala/event.ics").await.assert_lacks("URL");
}

#[tokio::test]
async fn an_order_is_for_its_buyers_calendar() {
    let path = format!("{}/event.ics", order::PLACE);
    for (change, said) in [
        (json!({"status": "complete", "version": 4}), "CONFIRMED"),
        (json!({"status": "created", "version": 4}), "TENTATIVE"),
        (json!({"status": "cancelled", "reason": "expired", "version": 4}), "CANCELLED"),
        (json!({"status": "complete", "version": 4, "refund": {"state": "refunded", "amount": 20.5}}), "CANCELLED"),
    ] {
        let site = Site::signed_in([(order::GET_ORDER, 200, order::with(change))]).await;
        let file = site.get(&path).await;
        assert_eq!((file.status, file.header("cache-control")), (200, "no-store"));
        let lines = lines(&file.body);
        for expected in [
            &format!("UID:order-{ORDER}"),
            "SEQUENCE:4",
            "DTSTART:20270314T193000Z",
            "SUMMARY:Mañana",
            "LOCATION:Town Hall",
            r"DESCRIPTION:Row <A> & B\nSection: A\nRow: 1\nSeat: 12",
            &format!("URL:https://tickets.example.com{}", order::PLACE),
            &format!("STATUS:{said}"),
        ] {
            assert!(lines.iter().any(|line| line == expected), "{expected}: {lines:?}");
        }
    }
    let paid = [(order::GET_ORDER, 200, order::with(json!({"status": "complete"}))), order::payment("captured")];
    let page = Site::signed_in(paid).await.get(order::PLACE).await;
    page.assert_has(&format!(r#"<a class="button" href="{path}">Add to calendar</a>"#));
    let unpaid = [(order::GET_ORDER, 200, order::created()), order::test_cards()];
    Site::signed_in(unpaid).await.get(order::PLACE).await.assert_lacks("Add to calendar");
}

#[tokio::test]
async fn the_calendar_of_a_buyer_follows_the_event() {
    let mut ticket = order::created()["ticket"].clone();
    (ticket["eventId"], ticket["venue"]) = (json!(EVENT), json!("Town Hall, Berlin"));
    let venue = |name: &str| json!({"name": name, "city": "Berlin", "country": "Germany"});
    for (starts_at, hall, status, version, lines) in [
        (
            "2027-03-14T20:30:00+01:00",
            "Town Hall",
            "public",
            0,
            ["SEQUENCE:4", "DTSTART:20270314T193000Z", "STATUS:CONFIRMED"],
        ),
        (
            "2027-03-15T21:00:00+01:00",
            "New Hall",
            "moved",
            1,
            ["SEQUENCE:5", "DTSTART:20270315T200000Z", r"LOCATION:New Hall\, Berlin\, Germany"],
        ),
        // Moved back.
        (
            "2027-03-14T20:30:00+01:00",
            "Town Hall",
            "moved",
            2,
            ["SEQUENCE:6", "DTSTART:20270314T193000Z", r"LOCATION:Town Hall\, Berlin\, Germany"],
        ),
        (
            "2027-03-14T20:30:00+01:00",
            "Town Hall",
            "cancelled",
            3,
            ["SEQUENCE:7", "DTSTART:20270314T193000Z", "STATUS:CANCELLED"],
        ),
    ] {
        let now = json!({"venue": venue(hall), "startsAt": starts_at, "status": status, "version": version});
        let bought = order::with(json!({"status": "complete", "version": 4, "ticket": ticket}));
        let site = [(order::GET_ORDER, 200, bought), (GET_EVENT, 200, testing::event(now))];
        let file = Site::signed_in(site).await.get(&format!("{}/event.ics", order::PLACE)).await;
        let said = self::lines(&file.body);
        assert!(said.iter().any(|said| *said == format!("LOCATION:{hall}\\, Berlin\\, Germany")), "{status}: {said:?}");
        for line in lines {
            assert!(said.iter().any(|said| said == line), "{status}, {line}: {said:?}");
        }
    }
}

#[tokio::test]
async fn nobody_else_sees_an_order_and_without_a_date_there_is_nothing_to_enter() {
    let path = format!("{}/event.ics", order::PLACE);
    let stranger = Site::answering([(order::GET_ORDER, 200, order::created())]).await;
    assert_eq!(stranger.get(&path).await.status, 303);
    assert_eq!(stranger.calls(), Vec::<String>::new());
    let refused = json!({"errors": [{"message": "Not authorized"}]});
    let other = Site::signed_in([(order::GET_ORDER, 401, refused)]).await;
    assert_eq!(other.get(&path).await.status, 404);
    let mut undated = order::with(json!({"status": "complete"}));
    undated["ticket"].as_object_mut().expect("fields").remove("startsAt");
    let site = Site::signed_in([(order::GET_ORDER, 200, undated), order::payment("captured")]).await;
    assert_eq!(site.get(&path).await.status, 404);
    site.get(order::PLACE).await.assert_lacks("Add to calendar");
}
