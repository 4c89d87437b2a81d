use futures::stream;
use reqwest::Body;
use serde_json::{Value, json};

use super::refusal::assert_refused;
use super::site::{JsonRoute, Site};

const JSON: &str = "application/json";
const LIMIT: usize = 64 * 1024;

async fn assert_answer(site: &Site, route: &JsonRoute, content_type: Option<&str>, body: impl Into<Body>, status: u16) {
    let what = format!("{} {} with {content_type:?}", route.method, route.path);
    let mut request = site.request_by(&route.who, route.method.clone(), &route.path).body(body);
    if let Some(content_type) = content_type {
        request = request.header("content-type", content_type);
    }
    let response = request.send().await.expect("an answer");
    assert_refused(response, status, &what).await;
}

fn malformed() -> Vec<Vec<u8>> {
    let nested = format!("{{\"title\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let texts = [
        "",
        " ",
        "{",
        "}",
        "{\"",
        "{\"title\":",
        "{\"title\":\"a\"",
        "{'title':'a'}",
        "{title:1}",
        "{}{}",
        "{\"a\":1,}",
        "{\"a\":NaN}",
        "{\"a\":1e999}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\n\"}",
        "\u{feff}{}",
        "nul",
        "undefined",
        "a=1&b=2",
        "<a/>",
        &nested,
        &"{\"a\":".repeat(5_000),
        &"[".repeat(60_000),
    ];
    let bytes = [
        &b"{\"title\":\"\xff\xfe\"}"[..],
        b"\xff\xfe{\x00}\x00",
        b"\x00",
        b"\x1f\x8b\x08\x00",
        b"{\"a\":\"\xc0\x80\"}",
    ];
    texts.iter().map(|text| text.as_bytes().to_vec()).chain(bytes.map(<[u8]>::to_vec)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_a_body_that_is_not_json() {
    let site = Site::open().await;
    for route in site.json_routes() {
        for body in malformed() {
            assert_answer(&site, &route, Some(JSON), body, 400).await;
        }
        let good = route.body.to_string();
        for end in 0..good.len() {
            assert_answer(&site, &route, Some(JSON), good[..end].to_owned(), 400).await;
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_refuses_json_that_is_not_an_object() {
    let site = Site::open().await;
    for route in site.json_routes() {
        // The values in the order of the fields: a struct could be deserialised from that.
        let in_order: Vec<Value> =
            ["email", "password", "currentPassword", "newPassword", "ticketId", "token", "orderId"]
                .iter()
                .filter_map(|field| route.body.get(field).cloned())
                .collect();
        let text = Value::from(route.body.to_string());
        for body in
            [json!([]), json!(in_order), json!([route.body]), text, json!(5), json!(0.5), json!(true), json!(null)]
        {
            assert_answer(&site, &route, Some(JSON), body.to_string(), 400).await;
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_declared_as_json_is_not_looked_at() {
    let site = Site::open().await;
    // Includes every content type that a form on another site can send without a preflight request.
    let foreign = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/json",
        "application/xml",
        "application/jsonp",
        "application/json-seq",
        "json",
        "???",
        "application/",
        "",
    ];
    for route in site.json_routes() {
        for content_type in foreign.map(Some).into_iter().chain([None]) {
            assert_answer(&site, &route, content_type, route.body.to_string(), 415).await;
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_64_kib_is_too_large_whether_its_length_is_declared_or_not() {
    let site = Site::open().await;
    for route in site.json_routes() {
        let padded = |length: usize| {
            let unpadded = route.with("padding", json!("")).to_string().len();
            route.with("padding", json!("x".repeat(length - unpadded))).to_string()
        };
        let pieces = |body: String| {
            let pieces: Vec<_> =
                body.as_bytes().chunks(1000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
            Body::wrap_stream(stream::iter(pieces))
        };
        assert_answer(&site, &route, Some(JSON), padded(LIMIT + 1), 413).await;
        assert_answer(&site, &route, Some(JSON), pieces(padded(LIMIT + 1)), 413).await;
        assert_answer(&site, &route, Some(JSON), padded(10 * LIMIT), 413).await;
        // One byte less is read, and found not to be JSON.
        assert_answer(&site, &route, Some(JSON), padded(LIMIT).replace("}", " "), 400).await;
    }
    // Stripe's events may be larger.
    let webhook = site.request(reqwest::Method::POST, "/api/webhooks/stripe").body("x".repeat(8 * LIMIT + 1));
    assert_refused(webhook.send().await.expect("an answer"), 413, "a webhook").await;
    site.assert_unchanged().await;
}
