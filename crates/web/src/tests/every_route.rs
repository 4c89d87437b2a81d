//! What holds for every page and every form, whichever they are: their routes are read from where they are listed.

use axum::body::Body;
use axum::extract::Request;
use http::header;
use serde_json::json;

use crate::pages::order::testing::{self as order, ORDER};
use crate::testing::{CannedResponse, NOW, Site, USER, event};

const ROUTES: &str = include_str!("../pages/mod.rs");

/// The call for what the seller of the ticket has handed in.
const GET_SEALING: &str = "GET /api/deliveries/tickets/692199c0bcf86cd7994390bb";

/// The paths of the routes that take this method, about an order or a ticket with the id [`ORDER`].
pub(crate) fn paths(method: &str) -> Vec<String> {
    let routes = ROUTES.lines().filter_map(|line| line.trim().strip_prefix(r#".route(""#)?.split_once('"'));
    let taking = routes.filter(|(_, handlers)| handlers.contains(&format!("{method}(")));
    let about = |path: &str| path.replace("{id}", ORDER).replace("{slug}", "gala").replace("{part}", "1.xml");
    taking.map(|(path, _)| about(path)).collect()
}

/// Something for each page to show.
pub(crate) fn everything() -> Vec<CannedResponse> {
    let ticket = json!({"id": ORDER, "title": "Row A", "price": 20.5, "userId": USER, "version": 0});
    let complete = order::with(json!({"status": "complete"}));
    let phone = json!({"id": ORDER, "name": "My phone", "createdAt": "2026-11-22T12:00:00.000Z"});
    let passkeys = json!({"passkeys": [phone], "secondFactor": true, "recoveryCodesLeft": 9});
    let event = event(json!({"id": ORDER}));
    vec![
        ("GET /api/events/gala", 200, event.clone()),
        ("GET /api/events", 200, json!([event])),
        ("GET /api/tickets/sitemap", 200, json!({"parts": 1})),
        ("GET /api/tickets/sitemap/1", 200, json!({"events": ["gala"], "tickets": [ORDER]})),
        ("GET /api/tickets", 200, json!([ticket])),
        ("GET /api/tickets/currencies", 200, json!(["usd", "eur"])),
        ("GET /api/tickets/692199c0bcf86cd7994390bb", 200, ticket),
        (
            GET_SEALING,
            200,
            json!({"ticketId": ORDER, "mode": "sealed", "seal": 0, "codes": 0, "checked": false, "state": "waiting"}),
        ),
        ("GET /api/orders", 200, json!([complete])),
        (order::GET_ORDER, 200, complete),
        order::payment("captured"),
        ("GET /api/users/sessions", 200, json!([])),
        ("GET /api/users/passkeys", 200, passkeys),
        ("GET /api/users/data", 200, json!({"id": USER})),
        ("GET /api/mails", 200, json!([])),
        (
            "GET /api/deliveries/events/692199c0bcf86cd7994390bb/door",
            200,
            json!({"asOf": NOW, "keys": [], "places": []}),
        ),
    ]
}

#[tokio::test]
async fn an_address_in_capitals_is_the_same_address() {
    let site = Site::signed_in(everything()).await;
    let paths: Vec<_> =
        paths("get").into_iter().filter(|path| path.contains(ORDER) || path.starts_with("/e/")).collect();
    assert!(paths.len() > 8, "{paths:?}");
    for path in paths {
        let capitals = path.replace(ORDER, &ORDER.to_uppercase()).replace("/e/gala", "/e/GALA");
        assert_ne!(capitals, path);
        let (small, large) = (site.get(&path).await, site.get(&capitals).await);
        let leads_there = large.status == 308 && large.location() == path;
        assert!(leads_there || (large.status, large.location()) == (small.status, small.location()), "{capitals}");
        assert!(small.status < 400, "{path}: {}", small.status);
    }
}

#[tokio::test]
async fn what_somebody_is_shown_in_their_session_stays_in_no_cache() {
    let (site, paths) = (Site::signed_in(everything()).await, paths("get"));
    assert!(paths.len() > 12, "{paths:?}");
    for path in paths {
        // These are for who follows the link of a mail.
        let is_linked_to = matches!(path.as_str(), "/confirm" | "/reset");
        let path = if is_linked_to { format!("{path}?token={USER}.b.c") } else { path };
        let reply = site.get(&path).await;
        assert!(matches!(reply.status, 200 | 303), "{path}: {}", reply.status);
        // They tell nothing of whoever sees them, and the browser's back button shows them as they were left.
        let is_impersonal = matches!(path.as_str(), "/" | "/sell");
        let expected = if is_impersonal { "private, no-cache" } else { "no-store" };
        assert_eq!(reply.header("cache-control"), expected, "{path}");
    }
}

#[tokio::test]
async fn the_checkout_and_refusals_stay_in_no_cache_either() {
    let asked_for = [(order::GET_ORDER, 200, order::created()), order::test_cards()];
    let site = Site::signed_in(asked_for).await;
    let checkout = site.get(order::PLACE).await;
    checkout.assert_has("Checkout");
    let wrong = [("currentPassword", "lantern by the quay"), ("newPassword", "password")];
    for (reply, status) in
        [(checkout, 200), (site.get("/nowhere").await, 404), (site.post("/account/password", &wrong).await, 404)]
    {
        assert_eq!((reply.status, reply.header("cache-control")), (status, "no-store"));
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused_everywhere_and_do_nothing() {
    let (site, paths) = (Site::signed_in(everything()).await, paths("post"));
    assert!(paths.len() > 10, "{paths:?}");
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for path in paths {
        for (name, value) in foreign {
            let request = Request::post(&path).header(name, value).header(header::HOST, "tickets.example");
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let reply = site.send(request.body(Body::from("title=Mine&price=1")).expect("a request")).await;
            assert_eq!(reply.status, 403, "{path}, {name}: {value}");
            reply.assert_has("This form came from another site");
            assert!(!reply.headers.contains_key(header::SET_COOKIE), "{path}, {name}: {value}");
        }
    }
    assert_eq!(site.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn every_address_can_be_read_whatever_is_asked_for_twice_or_is_broken() {
    let names = [
        "added", "another", "asked", "cancel", "card", "changed", "currency", "cursor", "done", "ended", "event",
        "from", "key", "max", "min", "name", "next", "off", "payment", "q", "removed", "sent", "sort", "state", "tier",
        "to", "together", "token", "venue",
    ];
    let twice: Vec<_> = names.into_iter().map(|name| format!("{name}=%7F&{name}=2")).collect();
    let broken = ["%FF", "%FF=%FF", "a=%zz", "next=%FF&q=%zz&cursor=%", "q=a&&=&=b&q"].map(str::to_owned);
    let site = Site::signed_in(everything()).await;
    for query in broken.into_iter().chain([twice.join("&")]) {
        for path in paths("get") {
            let reply = site.get(&format!("{path}?{query}")).await;
            // A link of a mail without its token leads nowhere.
            let is_without_token = matches!(path.as_str(), "/confirm" | "/reset") && !query.contains("token");
            let is_fine = matches!(reply.status, 200 | 303 | 308) || is_without_token && reply.status == 404;
            // A token, a day or a price of nonsense is named on the page.
            let is_explained = reply.status == 400 && reply.body.contains("error-summary");
            assert!(is_fine || is_explained, "{path}?{query}: {} {}", reply.status, reply.body);
            reply.assert_lacks("query string");
        }
        for path in paths("post") {
            let reply = site.post(&format!("{path}?{query}"), &[]).await;
            assert_ne!(reply.header("content-type"), "text/plain; charset=utf-8", "{path}?{query}");
            reply.assert_lacks("query string");
        }
    }
}
