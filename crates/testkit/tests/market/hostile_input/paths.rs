use serde_json::json;

use super::raw;
use super::site::{Site, cookie};

fn segments() -> Vec<String> {
    let segments = [
        "nonsense",
        "0",
        "-1",
        "null",
        "undefined",
        "%00",
        "%",
        "%zz",
        "%20",
        "%ff",
        "%c0%af",
        "%2e%2e",
        "..%2f..%2fetc%2fpasswd",
        "%2f",
        "%5c",
        "%F0%9F%8E%B8",
        "%C3%A9%C3%A9",
        "*",
        "{id}",
        ":id",
        "$ne",
        "[$ne]=",
        "%7B%22$ne%22:null%7D",
        "'%20or%201=1--",
        "5f1f77bcf86cd799439011a",
        "5f1f77bcf86cd799439011aaa",
        "5f1f77bcf86cd799439011a%00",
        "5f1f77bcf86cd799439011ag",
        "5f1f77bcf86cd799439011aa",
        "5F1F77BCF86CD799439011AA",
        "000000000000000000000000",
        "ffffffffffffffffffffffff",
        "%35f1f77bcf86cd799439011a",
        "5f1f77bcf86cd799439011aa%20",
        "5f1f77bcf86cd799439011aa.json",
        "+5f1f77bcf86cd799439011a",
        "../orders",
        "./x/..",
        "a/b",
        "a//",
        "5f1f77bcf86cd799439011aa;v=1",
    ];
    segments.map(str::to_owned).into_iter().chain(["a".repeat(12_000), "%41".repeat(4_000)]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_names_nothing_is_not_found() {
    let site = Site::open().await;
    let cookie = cookie(&site.seller);
    for segment in segments() {
        for resource in ["tickets", "orders"] {
            let path = format!("/api/{resource}/{segment}");
            let what: String = path.chars().take(100).collect();
            let shown = raw::send(site.world.address, &raw::request("GET", &path, &cookie)).await;
            shown.assert_refused(404, &what);
        }
        let path = format!("/api/tickets/{segment}");
        let body = json!({"title": "Concert", "price": 20});
        raw::send(site.world.address, &raw::json_request("PUT", &path, &cookie, &body))
            .await
            .assert_refused(404, &path);
        let path = format!("/api/orders/{segment}");
        raw::send(site.world.address, &raw::request("DELETE", &path, &cookie)).await.assert_refused(404, &path);
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_one_kind_names_nothing_of_another() {
    let site = Site::open().await;
    let cookie = cookie(&site.buyer);
    for path in [format!("/api/orders/{}", site.free.id), format!("/api/tickets/{}", site.order.id)] {
        raw::send(site.world.address, &raw::request("GET", &path, &cookie)).await.assert_refused(404, &path);
    }
    // The ids are so young that what they name could be on its way.
    for (path, body) in [
        ("/api/orders", json!({"ticketId": site.order.id})),
        ("/api/payments", json!({"token": "tok_visa", "orderId": site.free.id})),
    ] {
        raw::send(site.world.address, &raw::json_request("POST", path, &cookie, &body)).await.assert_refused(503, path);
    }
    site.assert_unchanged().await;
}
