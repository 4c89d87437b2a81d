//! Times around every change of clocks, in every time zone, for three years: listed, shown, edited, found by day.

use std::collections::BTreeMap;

use common::time::Timestamp;
use common::zone::TimeZone;
use harness::{Harness, TestUser};
use jiff::tz::TimeZoneDatabase;
use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{draft, path_of, start_with};

/// When clocks are put forward or back anywhere, each with one of the zones where they are then, and by as much.
fn changes() -> BTreeMap<(i64, i32, i32), TimeZone> {
    let millis = |text: &str| Timestamp::parse(text).expect("a moment").as_millis();
    let (start, end) = (millis("2026-12-01T00:00:00Z"), millis("2029-01-01T00:00:00Z"));
    let from = jiff::Timestamp::from_millisecond(start).expect("a moment");
    let mut changes = BTreeMap::new();
    let database = TimeZoneDatabase::bundled();
    for name in database.available() {
        let (rules, zone) =
            (database.get(name.as_str()).expect("rules"), TimeZone::parse(name.as_str()).expect("a zone"));
        let moments = rules.following(from).map(|change| change.timestamp().as_millisecond());
        for moment in moments.take_while(|moment| *moment < end) {
            let offset = |millis| zone.offset_seconds(Timestamp::from_millis(millis));
            changes.insert((moment, offset(moment - 1), offset(moment)), zone.clone());
        }
    }
    changes
}

async fn edited(app: &Harness, seller: &TestUser, ticket: &Value, body: Value) -> Value {
    let reply = app.put(&path_of(ticket)).by(seller).json(body).await;
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body
}

/// How many tickets with this title are on these days.
async fn on_days(app: &Harness, title: &str, from: &str, to: &str) -> usize {
    let path = format!("/api/tickets?q={title}&fromDay={from}&toDay={to}");
    app.get(&path).send().await.body.as_array().map_or(0, Vec::len)
}

/// Moments around a change: both of each repeated half hour among them.
async fn check(app: &Harness, seller: &TestUser, zone: &TimeZone, change: i64) {
    for minutes in [-24 * 60, -45, -15, 0, 15, 45, 24 * 60] {
        let moment = Timestamp::from_millis(change + minutes * 60_000);
        let (wall, title) =
            (zone.wall_time(moment), format!("{zone}{change}{minutes}").replace(['/', '-', '+', '_'], "x"));
        let mut body = draft(&title, json!(20));
        (body["startsAt"], body["timeZone"]) = (json!(moment), json!(zone));
        let reply = app.post("/api/tickets").by(seller).json(body.clone()).await;
        assert_eq!(reply.status, 201, "{:?}", reply.body);
        let ticket = reply.body;
        assert_eq!((&ticket["startsAt"], &ticket["timeZone"]), (&json!(moment), &json!(zone)), "{wall}");
        // Another price, and nothing about the time.
        let kept = edited(app, seller, &ticket, draft(&title, json!(25))).await;
        assert_eq!((&kept["startsAt"], &kept["timeZone"]), (&json!(moment), &json!(zone)), "{wall}");
        // As a form without an offset says it: the first of two hours, and never another time of day.
        body["startsAt"] = json!(wall.to_string());
        let typed = edited(app, seller, &ticket, body).await;
        let typed = Timestamp::parse(typed["startsAt"].as_str().expect("a moment")).expect("a moment");
        assert!(typed <= moment && zone.wall_time(typed) == wall, "{wall} in {zone} was read as {typed}");
        let day = wall.day();
        let (before, after) = (zone.wall_time(Timestamp::from_millis(change - 3 * 86_400_000)).day(), "2030-01-01");
        assert_eq!(on_days(app, &title, &day, &day).await, 1, "{wall} in {zone}");
        assert_eq!(on_days(app, &title, &before, after).await, 1, "{wall} in {zone}");
        assert_eq!(on_days(app, &title, &format!("{day}T"), "").await, 0, "is no day");
        assert_eq!(app.delete(&path_of(&ticket)).by(seller).send().await.status, 204);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn around_every_change_of_clocks_tickets_stay_at_their_time_and_are_found_on_their_day() {
    let (app, _) =
        start_with(Settings { open_listings: None, searches_per_address: None, ..Settings::default() }).await;
    let seller = app.user();
    let changes = changes();
    assert!(changes.len() > 80, "{}", changes.len());
    for ((change, before, after), zone) in changes {
        assert_ne!(before, after);
        check(&app, &seller, &zone, change).await;
    }
}
