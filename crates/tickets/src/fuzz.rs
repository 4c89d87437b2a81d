//! What clients send, fuzzed with what is almost right.

use common::shown_text::check_shown;
use fuzz::{bytes_like, edited, json_like, text_like};
use harness::{Harness, Reply, TestUser};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::testing::start;

const FORMS: &[&str] = &[
    r#"{"title":"Hamilton","price":119.5,"currency":"usd","event":"Hamilton","venue":"Richard Rodgers Theatre","startsAt":"2027-03-14T19:30:00Z","section":"Orchestra","row":"F","seat":"101"}"#,
    r#"{"title":"Łódź 🎸","price":"20.00","venue":null,"startsAt":""}"#,
    r#"{"title":"Gala","price":20,"startsAt":"2027-06-12T19:30","timeZone":"Europe/Berlin","eventId":null,"tier":""}"#,
    r#"{"title":"Gala","price":20,"startsAt":"2027-06-12T19:30:00Z","delivery":{"mode":"later","until":"2027-06-01T12:00:00Z"}}"#,
    r#"{"title":"Gala","price":20,"delivery":{"mode":"sealed"}}"#,
];

const EVENTS: &[&str] = &[
    r#"{"name":"Hamilton","venue":{"name":"Richard Rodgers Theatre","city":"New York","country":"USA"},"startsAt":"2027-11-07T01:30","timeZone":"America/New_York","currency":"usd","tiers":[{"name":"Orchestra","faceValue":119.5},{"name":"Balcony"}]}"#,
    r#"{"name":"Noc 🎸","venue":{"name":"Hala","city":"Łódź","country":"Polska"},"startsAt":"2027-10-31T02:30:00+01:00","timeZone":"europe/warsaw","currency":"pln"}"#,
];

const QUERIES: &[&str] = &[
    "q=beyonce+wembley&sort=price&limit=20&minPrice=10&maxPrice=99.5&currency=usd",
    "fromDay=2026-11-22&toDay=2027-11-22&eventId=5f1f77bcf86cd799439011aa&sort=price",
    "from=2026-11-22T00:00:00Z&to=2027-11-22T00:00:00%2B01:00&venue=O2&event=Caf%C3%A9&seller=me",
    "sort=-price&cursor=WzE5OTksIjVmMWY3N2JjZjg2Y2Q3OTk0MzkwMTFhYSJd",
    "sort=date&cursor=WyIyMDI2LTExLTIyVDEyOjAwOjAwLjAwMFoiLCI1ZjFmNzdiY2Y4NmNkNzk5NDM5MDExYWEiXQ",
];

/// Tries `check` with many values.
fn try_all<S: Strategy>(strategy: S, check: impl Fn(&Runtime, &Harness, &TestUser, S::Value)) {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(start());
    let seller = app.user();
    let tried = TestRunner::default().run(&strategy, |value| {
        check(&runtime, &app, &seller, value);
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(app.settle());
}

/// Accepted, or refused as a client's mistake in the error format.
fn assert_sound(reply: &Reply, accepted: u16) {
    assert!(reply.status == accepted || (400..500).contains(&reply.status), "{reply:?}");
    if reply.status != accepted {
        assert!(!reply.messages().is_empty());
    }
}

fn form_is_sound(runtime: &Runtime, app: &Harness, seller: &TestUser, body: Vec<u8>) {
    let request = app.post("/api/tickets").by(seller).header("content-type", "application/json");
    let reply = runtime.block_on(request.raw(body));
    assert_sound(&reply, 201);
    if reply.status == 201 {
        let title = reply.body["title"].as_str().expect("a title");
        assert!((1..=200).contains(&title.chars().count()) && !title.chars().any(char::is_control), "{title:?}");
        assert_eq!(check_shown(title), Ok(()), "{title:?}");
        assert!(reply.body["price"].as_f64().is_some_and(|price| price > 0.0 && price < 1_000_000.0), "{reply:?}");
        let path = format!("/api/tickets/{}", reply.body["id"].as_str().expect("an id"));
        assert_eq!(runtime.block_on(app.get(&path).send()).body, reply.body, "what is shown is what was accepted");
    }
}

#[test]
fn forms_of_json() {
    try_all(json_like(FORMS), |runtime, app, seller, body: Value| {
        form_is_sound(runtime, app, seller, body.to_string().into_bytes());
    });
}

#[test]
fn forms_of_anything() {
    try_all(bytes_like(FORMS), form_is_sound);
}

#[test]
fn events_of_json() {
    try_all(json_like(EVENTS), |runtime, app, seller, body: Value| {
        let reply = runtime.block_on(app.post("/api/events").by(seller).json(body));
        // Where little of it was changed, it has been added before.
        assert_sound(&reply, if reply.status == 200 { 200 } else { 201 });
        if matches!(reply.status, 200 | 201) {
            let slug = reply.body["slug"].as_str().expect("a slug");
            assert!(slug.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric()), "{slug}");
            let mut shown = runtime.block_on(app.get(&format!("/api/events/{slug}")).send()).body;
            shown.as_object_mut().expect("an event").remove("ticketCount");
            assert_eq!(shown, reply.body, "what is shown is what was accepted");
        }
    });
}

#[test]
fn queries() {
    try_all(text_like(QUERIES), |runtime, app, seller, query| {
        let path = format!("/api/tickets?{query}");
        if path.parse::<http::Uri>().is_ok() {
            let reply = runtime.block_on(app.get(&path).by(seller).send());
            assert_sound(&reply, 200);
        }
    });
}

#[test]
fn ids_in_paths() {
    try_all(text_like(&["5f1f77bcf86cd799439011aa", "live", "%35f1f77bcf86cd799439011aa"]), |runtime, app, _, id| {
        let path = format!("/api/tickets/{id}");
        // That one has no end, also with a slash behind it.
        let is_endless = id.trim_end_matches('/') == "live";
        if path.parse::<http::Uri>().is_ok() && !id.contains(['?', '#']) && !is_endless {
            assert!([200, 404].contains(&runtime.block_on(app.get(&path).send()).status), "{path}");
        }
    });
}

#[test]
fn sessions() {
    // A token that was changed is refused, unless the change left it in one piece.
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(start());
    let seller = app.user();
    let tried = TestRunner::default().run(&edited(seller.cookie.clone()), |cookie| {
        if let Ok(header) = http::HeaderValue::from_str(&cookie) {
            let reply = runtime.block_on(app.get("/api/tickets?seller=me").header("cookie", &cookie).send());
            // Of a header with other characters than those of ASCII, a space among them, nothing is read.
            let is_read = header.to_str().is_ok();
            let is_whole = is_read && cookie.split(';').any(|part| part.trim() == seller.cookie);
            assert_eq!(reply.status, if is_whole { 200 } else { 401 }, "{cookie}");
        }
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}
