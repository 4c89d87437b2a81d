use serde_json::{Value, json};

use super::refusal::{assert_refused, names};
use super::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_price_is_refused() {
    let site = Site::open().await;
    let wrong = [
        json!(0),
        json!(-0.0),
        json!(-1),
        json!(-0.01),
        json!(0.001),
        json!(20.005),
        json!(1e-7),
        json!(5e-324),
        json!(1e308),
        json!(1_000_000),
        json!(999_999.999),
        json!(u64::MAX),
        json!(i64::MIN),
        json!("0"),
        json!("0.00"),
        json!("-5"),
        json!("+5"),
        json!("NaN"),
        json!("Infinity"),
        json!("-Infinity"),
        json!("1e3"),
        json!("0x10"),
        json!("1,000"),
        json!("1_000"),
        json!("20.0.0"),
        json!("."),
        json!(".5"),
        json!("٢٠"),
        json!("２０"),
        json!("20 €"),
        json!("$20"),
        // Less than can be paid.
        json!(0.49),
        json!("20; DROP"),
        json!("20\u{0}"),
        json!("2 0"),
        json!("9".repeat(60_000)),
        json!(format!("0.{}1", "0".repeat(60_000))),
    ];
    for route in site.json_routes().iter().filter(|route| route.path.starts_with("/api/tickets")) {
        for price in &wrong {
            let what: String = format!("{} with {price}", route.path).chars().take(150).collect();
            let request = site.request_by(&route.who, route.method.clone(), &route.path);
            let request = request.json(&route.with("price", price.clone()));
            let body = assert_refused(request.send().await.expect("an answer"), 400, &what).await;
            assert!(names(&body, "price"), "{what}: {body}");
        }
    }
    site.assert_unchanged().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_price_is_answered_as_a_number_however_it_was_written() {
    let site = Site::open().await;
    let good = [
        (json!(20), json!(20)),
        (json!("20.00"), json!(20)),
        (json!(20.5), json!(20.5)),
        (json!("0.50"), json!(0.5)),
        (json!(0.57), json!(0.57)),
        (json!(999_999.99), json!(999_999.99)),
        (json!("999999.99"), json!(999_999.99)),
    ];
    for (sent, expected) in good {
        let request = site.request_by(&site.seller, reqwest::Method::POST, "/api/tickets");
        let response = request.json(&json!({"title": "Concert", "price": sent})).send().await.expect("an answer");
        assert_eq!(response.status(), 201, "{sent}");
        assert_eq!(response.json::<Value>().await.expect("JSON")["price"], expected, "{sent}");
    }
    site.world.end().await;
}
