//! What people have written, on every page that shows it.

use serde_json::json;

use super::every_route::paths;
use crate::pages::order::testing::{self as order, ORDER};
use crate::testing::{CannedResponse, Reply, Site, USER};

/// A name in a script that is written from the right.
const NAME: &str = "קונצרט (12)";

/// Something for each page to show, named by people.
fn named() -> Vec<CannedResponse> {
    let mut ticket = json!({"id": ORDER, "price": 20.5, "currency": "usd", "userId": USER, "version": 0});
    for field in ["title", "event", "venue", "tier", "section", "row", "seat"] {
        ticket[field] = json!(NAME);
    }
    let complete = order::with(json!({"status": "complete", "ticket": ticket}));
    let event = json!({
        "id": ORDER, "slug": "gala", "name": NAME, "venue": {"name": NAME, "city": NAME, "country": NAME},
        "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur",
        "tiers": [{"name": NAME}, {"name": "Stalls"}], "status": "public", "version": 0, "ticketCount": 1,
    });
    let phone = json!({"id": ORDER, "name": NAME, "createdAt": "2026-11-22T12:00:00.000Z"});
    let passkeys = json!({"passkeys": [phone], "secondFactor": true, "recoveryCodesLeft": 9});
    vec![
        ("GET /api/events", 200, json!([event])),
        ("GET /api/events/692199c0bcf86cd7994390bb", 200, event.clone()),
        ("GET /api/events/gala", 200, event),
        ("GET /api/tickets", 200, json!([ticket])),
        ("GET /api/tickets/692199c0bcf86cd7994390bb", 200, ticket),
        ("GET /api/orders", 200, json!([complete])),
        (order::GET_ORDER, 200, complete),
        order::payment("captured"),
        ("GET /api/users/passkeys", 200, passkeys),
    ]
}

/// The start tag of the element around each place where the name is read; attributes, the title and what only search
/// engines read are not part of the page's lines.
fn around_name(page: &str) -> Vec<&str> {
    let starts = page.match_indices(NAME).map(|(at, _)| page[..at].rfind('<').map_or("", |tag| &page[tag..at]));
    let read =
        starts.filter(|start| start.contains('>') && !start.starts_with("<title") && !start.starts_with("<script"));
    read.map(|start| start.split_inclusive('>').next().unwrap_or_default()).collect()
}

fn assert_isolated(path: &str, page: &Reply) -> usize {
    let starts = around_name(&page.body);
    for start in &starts {
        assert!(start.contains(r#"dir="auto""#) || *start == "<bdi>", "{path}: {start} in {}", page.body);
    }
    starts.len()
}

#[tokio::test]
async fn it_turns_nothing_round_that_stands_beside_it() {
    let site = Site::signed_in(named()).await;
    let mut showing = 0;
    for path in paths("get") {
        showing += usize::from(assert_isolated(&path, &site.get(&path).await) > 0);
    }
    assert!(showing > 9, "{showing} pages show a name");
    for path in ["/sell?q=gala".to_owned(), format!("/sell?event={ORDER}")] {
        assert!(assert_isolated(&path, &site.get(&path).await) > 0, "{path}");
    }
}

#[tokio::test]
async fn pages_that_answer_a_form_isolate_it_too() {
    let changed = |code: &str| json!({"errors": [{"code": code, "message": "changed"}]});
    let overtaken = ("PUT /api/tickets/692199c0bcf86cd7994390bb", 409, changed("ticket_changed"));
    let dearer = ("POST /api/orders", 409, changed("price_changed"));
    let mut checked = json!({"price": 20.5, "currency": "usd"});
    for field in ["title", "event", "venue", "tier", "section", "row", "seat"] {
        checked[field] = json!(NAME);
    }
    let checked = ("POST /api/tickets/check", 200, checked);
    let site = Site::signed_in([vec![overtaken, dearer, checked], named()].concat()).await;
    for (path, fields) in [
        ("/sell/review".to_owned(), vec![("title", NAME), ("price", "20"), ("seat", NAME)]),
        (format!("/tickets/{ORDER}/edit"), vec![("title", "Row B"), ("price", "20"), ("venue", NAME)]),
        (format!("/tickets/{ORDER}/buy"), vec![("price", "20"), ("currency", "usd")]),
    ] {
        let page = site.post(&path, &fields).await;
        assert!(assert_isolated(&path, &page) > 0, "{path}: {}", page.body);
    }
}

#[tokio::test]
async fn it_is_typed_in_the_direction_of_its_script() {
    let site = Site::signed_in([("GET /api/tickets", 200, json!([]))]).await;
    for (path, fields) in [("/sell", ["title", "event", "venue", "seat"].as_slice()), ("/", &["q"])] {
        let page = site.get(path).await;
        for field in fields {
            let input = page.body.split('<').find(|tag| tag.starts_with(&format!(r#"input id="{field}""#)));
            let input = input.unwrap_or_else(|| panic!("{path} without {field}"));
            assert!(input.contains(r#"dir="auto""#), "{input}");
        }
    }
}
