use reqwest::Method;
use serde_json::{Value, json};

use super::site::Site;

/// Each has a special meaning in some layer it passes through.
fn titles() -> Vec<String> {
    let titles = [
        "Łódź – Ünïcödé 日本語 עברית noc",
        "👨‍👩‍👧‍👦 🎸 🇩🇪 1\u{fe0f}\u{20e3} می\u{200c}خواهم",
        "e\u{301} is not é",
        "<script>alert(1)</script>",
        "\"'`\\ \\u0000 %00 %s {{7*7}} ${jndi:ldap://a.example}",
        "'; DROP TABLE tickets; --",
        "$where",
        "a.b.$c",
        "null",
        "-1",
        "\u{fffd}\u{2027}\u{2030}",
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

#[tokio::test(flavor = "multi_thread")]
async fn text_that_shows_nothing_or_turns_other_text_round_is_refused() {
    let site = Site::open().await;
    for name in [
        "\u{200b}",
        "a\u{200b}b\u{feff}c\u{ad}d",
        "\u{2800}",
        "\u{3164}",
        "\u{115f}\u{1160}",
        "a\u{202e}noc",
        "\u{2066}noc\u{2069}",
        "a\u{2028}b",
        "\u{e000}",
        "\u{10ffff}",
        "\u{301}",
    ] {
        let body = json!({"title": name, "price": 20, "event": name, "venue": name, "section": name, "row": name, "seat": name});
        let answer = site.request_by(&site.seller, Method::POST, "/api/tickets").json(&body).send().await;
        let answer = answer.expect("an answer");
        let status = answer.status().as_u16();
        let refused: Value = answer.json().await.expect("JSON");
        let fields: Vec<_> = refused["errors"].as_array().into_iter().flatten().map(|error| &error["field"]).collect();
        assert_eq!(status, 400, "{name:?}");
        assert_eq!(fields, ["title", "event", "venue", "section", "row", "seat"], "{name:?}");
    }
    site.world.end().await;
}
