use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::documented::Operation;
use super::raw;
use super::site::{Site, cookie};

fn cursor(json: &str) -> String {
    format!("cursor={}", URL_SAFE_NO_PAD.encode(json))
}

fn wrong_in_any_list() -> Vec<String> {
    let queries = [
        "limit=0",
        "limit=-1",
        "limit=1000000000",
        "limit=101",
        "limit=99999999999999999999",
        "limit=1e1",
        "limit=1.0",
        "limit=",
        "limit=ten",
        "limit=%00",
        "limit=0x10",
        "limit=1&limit=2",
        "limit=5&cursor=x",
        "cursor=nonsense",
        "cursor=%00",
        "cursor=%ff",
        "cursor=..%2f",
        "cursor=W10",
        "cursor=a&cursor=b",
    ];
    let id = "5f1f77bcf86cd799439011aa";
    let cursors = [
        "[]",
        "{}",
        "null",
        "[null,null]",
        "[{\"$gt\":\"\"},\"5f1f77bcf86cd799439011aa\"]",
        "[\"2026-11-22T12:00:00.000Z\",{\"$ne\":null}]",
        "[\"2026-11-22T12:00:00.000Z\",\"x\"]",
        &format!("[\"x\",\"{id}\"]"),
        &format!("[true,\"{id}\"]"),
        &format!("[null,\"{id}\"]"),
        &format!("[[],\"{id}\"]"),
        &format!("[1e308,\"{id}\"]"),
        &format!("[\"2026-11-22T12:00:00.000Z\",\"{id}\",1]"),
    ]
    .map(cursor);
    queries.map(str::to_owned).into_iter().chain(cursors).chain([format!("cursor={}", "A".repeat(12_000))]).collect()
}

fn wrong_for_tickets() -> Vec<String> {
    let queries = [
        "sort=",
        "sort=random",
        "sort=price,date",
        "sort=price&sort=date",
        "sort[$ne]=1&sort=x",
        "minPrice=NaN",
        "minPrice=-1",
        "minPrice=free",
        "minPrice=inf",
        "minPrice=1e3",
        "maxPrice=0",
        "maxPrice=1e308",
        "maxPrice=0.001",
        "maxPrice=1,00",
        "from=yesterday",
        "from=2026-13-01T00:00:00Z",
        "to=0",
        "to=99999999-01-01T00:00:00Z",
        "currency=",
        "currency=xyz",
        "currency=US%44x",
        "seller=",
        "seller=you",
        "seller=5f1f77bcf86cd799439011aa",
        "q=%00",
        "q=a%0ab",
        "q=%1b%5b2J",
        "venue=%00",
        "event=a%09b",
        "q=a&q=b",
        "sort=price&cursor=WyIyMDI2LTExLTIyVDEyOjAwOjAwLjAwMFoiLCI1ZjFmNzdiY2Y4NmNkNzk5NDM5MDExYWEiXQ",
    ];
    let long = ["q", "venue", "event"].map(|name| format!("{name}={}", "x".repeat(201)));
    queries.map(str::to_owned).into_iter().chain(long).chain([format!("q={}", "%F0%9F%8E%B8".repeat(1_000))]).collect()
}

/// Odd parameters, which must still get a response.
const HARMLESS: [&str; 16] = [
    "",
    "&",
    "&&&",
    "=",
    "=&=",
    "?",
    "%zz=1",
    "unknown=1",
    "cursor=",
    "limit%5B%5D=1",
    "[$ne]=1",
    "Limit=0",
    "limit%00=0",
    "__proto__=1",
    "%ff=%ff",
    "a;b",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_wrong_is_refused() {
    let site = Site::open().await;
    let cookie = cookie(&site.buyer);
    let refuse = async |path: &str, query: &String| {
        let request = raw::request("GET", &format!("{path}?{query}"), &cookie);
        raw::send(site.world.address, &request).await.assert_refused(400, &query[..query.len().min(100)]);
    };
    let lists: Vec<_> = Operation::all(&site).await.into_iter().filter(Operation::is_paged).collect();
    assert!(lists.len() >= 2, "there are lists that are not documented");
    for query in wrong_in_any_list() {
        for list in &lists {
            refuse(&list.path, &query).await;
        }
    }
    for query in wrong_for_tickets() {
        refuse("/api/tickets", &query).await;
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_parameter_is_ignored() {
    let site = Site::open().await;
    let cookie = cookie(&site.buyer);
    for query in HARMLESS {
        for path in ["/api/tickets", "/api/orders"] {
            let answer = raw::send(site.world.address, &raw::request("GET", &format!("{path}?{query}"), &cookie)).await;
            let list: Value = serde_json::from_slice(&answer.body).expect("JSON");
            assert_eq!((answer.status, list.as_array().map(Vec::len)), (200, Some(1)), "{path}?{query}: {list}");
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_text_is_not_a_pattern() {
    let site = Site::open().await;
    for query in
        [".*", "%25", "_", "R.w", "^Row", "(", "[", "\\", "*", "\"", "'%20OR%20''='", "%ff", "{\"$ne\":1}", "row%00"]
    {
        let answer =
            raw::send(site.world.address, &raw::request("GET", &format!("/api/tickets?venue={query}"), "")).await;
        let nothing = answer.status == 400 || answer.body == b"[]";
        assert!(nothing, "{query}: {} {}", answer.status, String::from_utf8_lossy(&answer.body));
    }
    site.assert_unchanged().await;
}
