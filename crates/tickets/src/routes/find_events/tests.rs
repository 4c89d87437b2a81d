use harness::{Harness, Reply};
use serde_json::{Value, json};

use crate::testing::{added, event_draft, start};

async fn find(app: &Harness, query: &str) -> Reply {
    app.get(&format!("/api/events{query}")).send().await
}

/// An event at this hour of a clock in this zone.
fn show(name: &str, starts_at: &str, zone: &str) -> Value {
    let mut draft = event_draft(name);
    (draft["startsAt"], draft["timeZone"]) = (json!(starts_at), json!(zone));
    draft
}

fn names(reply: &Reply) -> Vec<&str> {
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    reply.body.as_array().expect("a list").iter().map(|event| event["name"].as_str().expect("a name")).collect()
}

/// The query of the next page.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().expect("ASCII");
    let address = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a next link");
    Some(address.strip_prefix("/api/events").expect("a relative address").to_owned())
}

/// Everything that the links lead to, and on how many pages.
async fn all(app: &Harness, query: &str) -> (Vec<String>, usize) {
    let (mut seen, mut pages, mut query) = (Vec::new(), 0, query.to_owned());
    loop {
        let reply = find(app, &query).await;
        seen.extend(names(&reply).into_iter().map(str::to_owned));
        pages += 1;
        let Some(next) = next(&reply) else { return (seen, pages) };
        query = next;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_night_of_a_show_is_within_reach() {
    let app = start().await;
    let user = app.user();
    let mut nights = Vec::new();
    for night in 1..=12 {
        let name = format!("Long Run {night}");
        added(&app, &user, show(&name, &format!("2027-06-{night:02}T20:00"), "Europe/Berlin")).await;
        nights.push(name);
    }
    assert_eq!(names(&find(&app, "").await).len(), 10, "as many as before there were pages");
    for (query, pages) in
        [("?q=long+run", 2), ("?q=run&limit=5", 3), ("?limit=1", 12), ("?limit=12", 1), ("?limit=100", 1)]
    {
        assert_eq!(all(&app, query).await, (nights.clone(), pages), "{query}");
    }
    let days = |from: &str, to: &str| format!("?q=long&fromDay={from}&toDay={to}&limit=2");
    assert_eq!(all(&app, &days("2027-06-03", "2027-06-06")).await, (nights[2..6].to_vec(), 2));
    assert_eq!(all(&app, &days("2027-06-11", "")).await, (nights[10..].to_vec(), 1));
    assert_eq!(all(&app, &days("", "2027-06-01")).await, (nights[..1].to_vec(), 1));
    assert_eq!(all(&app, "?q=%3F!&fromDay=2027-06-01").await, (Vec::new(), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_one_at_the_venue() {
    let app = start().await;
    let user = app.user();
    // Both at the turn of the day in UTC, as far from it as clocks are.
    for (name, starts_at, zone) in [
        ("Kiritimati", "2027-06-12T00:00", "Pacific/Kiritimati"),
        ("Berlin", "2027-06-12T23:59", "Europe/Berlin"),
        ("Pago Pago", "2027-06-12T23:59", "Pacific/Pago_Pago"),
    ] {
        added(&app, &user, show(name, starts_at, zone)).await;
    }
    for (query, expected) in [
        ("?fromDay=2027-06-12&toDay=2027-06-12", vec!["Kiritimati", "Berlin", "Pago Pago"]),
        ("?toDay=2027-06-11", vec![]),
        ("?fromDay=2027-06-13", vec![]),
        ("?toDay=9999-12-31", vec!["Kiritimati", "Berlin", "Pago Pago"]),
        ("?fromDay=0001-01-01&q=kirit", vec!["Kiritimati"]),
    ] {
        assert_eq!(names(&find(&app, query).await), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_valid_is_named() {
    let app = start().await;
    let from_elsewhere = "cursor must come from the Link header of another page in the same order";
    for (query, field, message) in [
        ("limit=0", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=101", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=", "limit", "limit must be a whole number from 1 to 100"),
        ("cursor=nonsense", "cursor", from_elsewhere),
        // A position among tickets by price.
        ("cursor=WzE5OTksIjVmMWY3N2JjZjg2Y2Q3OTk0MzkwMTFhYSJd", "cursor", from_elsewhere),
        ("fromDay=tomorrow", "fromDay", "fromDay must be a day like 2026-11-22"),
        ("toDay=2027-02-30", "toDay", "toDay must be a day like 2026-11-22"),
        ("fromDay=2027-06-12&toDay=2027-06-11", "toDay", "toDay must not be before fromDay"),
        ("q=a%00b", "q", "q must not contain control characters"),
    ] {
        let reply = find(&app, &format!("?{query}")).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": field}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{query}");
    }
    let all = find(&app, "?limit=0&cursor=x&fromDay=x&toDay=x").await;
    assert_eq!(all.messages().len(), 4);
}
