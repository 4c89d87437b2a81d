use serde_json::{Value, json};

use super::refusal::{assert_refused, names};
use super::site::{JsonRoute, Site};

/// Values of the wrong type for every field; the first ones are operators of MongoDB.
fn of_no_type(good: &Value) -> Vec<Value> {
    vec![
        json!({"$ne": null}),
        json!({"$gt": ""}),
        json!({"$regex": ".*"}),
        json!({"$in": [good]}),
        json!([good]),
        json!([[good]]),
        json!({"toString": good}),
        json!([]),
        json!({}),
        json!(true),
        json!(false),
    ]
}

async fn assert_field_refused(site: &Site, route: &JsonRoute, field: &str, value: Value) {
    let shown: String = value.to_string().chars().take(100).collect();
    let what = format!("{} {} with {field}: {shown}", route.method, route.path);
    let request = site.request_by(&route.who, route.method.clone(), &route.path).json(&route.with(field, value));
    let body = assert_refused(request.send().await.expect("an answer"), 400, &what).await;
    assert!(names(&body, field), "{what}: {body}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_the_wrong_type_is_refused_in_every_field() {
    let site = Site::open().await;
    for route in site.json_routes() {
        for field in route.fields() {
            let numbers = [json!(0), json!(1), json!(-1), json!(1.5), json!(1e308)];
            let wrong = of_no_type(&route.body[field]);
            let wrong = wrong.into_iter().chain(numbers.into_iter().filter(|_| field != "price"));
            for value in wrong {
                assert_field_refused(&site, &route, field, value).await;
            }
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_required_field_must_be_there_and_must_not_be_empty() {
    let site = Site::open().await;
    for route in site.json_routes() {
        let optional = ["currency", "event", "venue", "startsAt", "section", "row", "seat"];
        for field in route.fields().filter(|field| !optional.contains(&field.as_str())) {
            for value in [json!(null), json!("")] {
                assert_field_refused(&site, &route, field, value).await;
            }
            let mut body = route.body.clone();
            body.as_object_mut().expect("an object").remove(field);
            let request = site.request_by(&route.who, route.method.clone(), &route.path).json(&body);
            let refusal = assert_refused(request.send().await.expect("an answer"), 400, field).await;
            assert!(names(&refusal, field), "{refusal}");
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_too_long_or_controls_a_terminal_is_refused() {
    let site = Site::open().await;
    let lines = ["title", "event", "venue", "section", "row", "seat"];
    let wrong =
        ["a\u{0}b", "a\nb", "a\rb", "a\tb", "\u{1b}[2J", "a\u{7f}b", "a\u{85}b", &"x".repeat(201), &"é".repeat(10_000)];
    for route in site.json_routes().iter().filter(|route| route.path.starts_with("/api/tickets")) {
        for field in lines {
            for text in wrong {
                assert_field_refused(&site, route, field, json!(text)).await;
            }
        }
        for text in
            ["2026-13-01T00:00:00Z", "2026-11-22", "1e9", "now", "-271821-04-20T00:00:00Z", "9999-12-31T23:59:59Z"]
        {
            assert_field_refused(&site, route, "startsAt", json!(text)).await;
        }
        for text in ["USDT", "xyz", "$", "us\u{0}d", &"x".repeat(50_000)] {
            assert_field_refused(&site, route, "currency", json!(text)).await;
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_none_is_refused() {
    let site = Site::open().await;
    let long = format!("{}@example.com", "a".repeat(60_000));
    let wrong = [
        "@",
        "a@",
        "@example.com",
        "a@b",
        "a b@example.com",
        "a@example.com\nbcc: b@example.com",
        "a@exam\u{0}ple.com",
        "a@@example.com",
        "a@example..com",
        "<a@example.com>",
        "a@example.com,b@example.com",
        "аda@example.com",
        "a@example.com\u{200b}",
        "' or 1=1 --",
        &long,
    ];
    for route in site.json_routes().iter().filter(|route| route.body.get("email").is_some()) {
        for text in wrong {
            assert_field_refused(&site, route, "email", json!(text)).await;
        }
    }
    for route in site.json_routes().iter().filter(|route| route.path.ends_with("signup")) {
        for text in ["short", "password123", &"x".repeat(129), &"🎸".repeat(15_000)] {
            assert_field_refused(&site, route, "password", json!(text)).await;
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_in_a_body_that_is_none_is_refused() {
    let site = Site::open().await;
    let (short, long) = ("a".repeat(23), "a".repeat(25));
    let wrong = [
        " ",
        "abc",
        &short,
        &long,
        "zzzzzzzzzzzzzzzzzzzzzzzz",
        "éééééééééééé",
        "5f1f77bcf86cd7994390 1aa",
        "5f1f77bcf86cd79943901\u{0}aa",
        "../../../../etc/passwd00",
        "${jndi:ldap://a.example}",
        &"a".repeat(60_000),
    ];
    for route in site.json_routes() {
        for field in route.fields().filter(|field| field.ends_with("Id")) {
            for text in wrong {
                assert_field_refused(&site, &route, field, json!(text)).await;
            }
        }
        if route.path == "/api/payments" {
            for text in [
                " ",
                "tok visa",
                "../charges",
                "tok_visa\u{0}",
                "tok_visa/../x",
                "tök",
                "tok_visa?a=b",
                &"t".repeat(256),
            ] {
                assert_field_refused(&site, &route, "token", json!(text)).await;
            }
        }
    }
    site.assert_unchanged().await;
}
