use reqwest::Method;
use serde_json::{Value, json};

use super::site::Site;

/// Each has a special meaning in some layer it passes through.
fn titles() -> Vec<String> {
    let titles = [
        "Łódź – Ünïcödé 日本語 עברית \u{202e}noc",
        "👨‍👩‍👧‍👦 🎸 🇩🇪",
        "e\u{301} is not é",
        "a\u{200b}b\u{feff}c\u{ad}d",
        "<script>alert(1)</script>",
        "\"'`\\ \\u0000 %00 %s {{7*7}} ${jndi:ldap://a.example}",
        "'; DROP TABLE tickets; --",
        "$where",
        "a.b.$c",
        "null",
        "-1",
        "\u{10ffff}\u{fffd}\u{e000}",
        "\u{2028}\u{2029}a",
    ];
    titles.map(str::to_owned).into_iter().chain(["🎸".repeat(200)]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_stored_and_answered_to_the_letter() {
    let site = Site::open().await;
    for title in titles() {
        let title = title.trim();
        let body = json!({"title": title, "price": 20, "venue": title});
        let listed = site.request_by(&site.seller, Method::POST, "/api/tickets").json(&body).send().await;
        let listed: Value = listed.expect("an answer").json().await.expect("JSON");
        let path = format!("/api/tickets/{}", listed["id"].as_str().expect("an id"));
        let edited = site.request_by(&site.seller, Method::PUT, &path).json(&body).send().await;
        let edited: Value = edited.expect("an answer").json().await.expect("JSON");
        let shown: Value =
            site.request(Method::GET, &path).send().await.expect("an answer").json().await.expect("JSON");
        let order = json!({"ticketId": listed["id"]});
        let order = site.request_by(&site.buyer, Method::POST, "/api/orders").json(&order).send().await;
        let order: Value = order.expect("an answer").json().await.expect("JSON");
        for found in [&listed["title"], &listed["venue"], &edited["title"], &shown["title"], &order["ticket"]["title"]]
        {
            assert_eq!(found, title);
        }
        let found: Value = site
            .request_by(&site.seller, Method::GET, "/api/tickets")
            .query(&[("seller", "me"), ("venue", title)])
            .send()
            .await
            .expect("an answer")
            .json()
            .await
            .expect("JSON");
        assert!(
            found.as_array().expect("a list").iter().any(|ticket| ticket["id"] == listed["id"]),
            "{title}: {found}"
        );
    }
    site.world.end().await;
}
