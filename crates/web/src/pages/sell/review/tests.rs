use serde_json::{Value, json};

use crate::testing::{EVENT, GET_EVENT, Reply, Site, event};

const CHECK: &str = "POST /api/tickets/check";
const FIELDS: [(&str, &str); 9] = [
    ("title", " Row <A> "),
    ("price", "1.234,50"),
    ("currency", "eur"),
    ("event", "Gala"),
    ("venue", "Halle"),
    ("startsAt", "2027-07-14T19:30"),
    ("timeZone", "Europe/Berlin"),
    ("seat", "12"),
    ("key", "0f1e"),
];

fn checked() -> Value {
    json!({
        "title": "Row <A>", "price": 1234.5, "currency": "eur", "event": "Gala", "venue": "Halle", "seat": "12",
        "startsAt": "2027-07-14T17:30:00.000Z", "timeZone": "Europe/Berlin",
    })
}

/// The hidden fields of the page's form in `main`.
fn hidden(page: &Reply) -> Vec<(String, String)> {
    let inputs = page.body.split(r#"<input type="hidden" name=""#).skip(1);
    let text = |text: &str| text.replace("&lt;", "<").replace("&gt;", ">");
    inputs
        .map(|input| {
            let (name, rest) = input.split_once(r#"" value=""#).expect("a name and a value");
            (name.to_owned(), text(rest.split('"').next().expect("a value")))
        })
        .collect()
}

#[tokio::test]
async fn what_will_be_for_sale_is_shown_and_nothing_is_listed_yet() {
    let site = Site::signed_in([(CHECK, 200, checked())]).await;
    let page = site.post("/sell/review", &FIELDS).await;
    assert_eq!(page.status, 200);
    for shown in [
        "<h1>Review your listing</h1>",
        r#"<h2 dir="auto">Row &lt;A&gt;</h2>"#,
        r#"<p class="overline" dir="auto">Gala</p>"#,
        r#"<dd dir="auto">Halle</dd>"#,
        "(Berlin time)",
        r#"<dd dir="auto">12</dd>"#,
        "€1,234.50",
        "it is for sale at once. You can change or withdraw it while nobody is buying it.",
    ] {
        page.assert_has(shown);
    }
    let sent = r#"{"title":" Row <A> ","price":"1234.50","currency":"eur","event":"Gala","venue":"Halle","startsAt":"2027-07-14T19:30","timeZone":"Europe/Berlin","section":"","row":"","seat":"12"}"#;
    assert_eq!(site.calls(), [format!("{CHECK} {sent}")]);
    assert_eq!(site.keys(), Vec::<String>::new(), "a check uses up no key");
    page.assert_has(r#"<form method="post" action="/sell">"#);
    page.assert_has(">List ticket</button>");
    page.assert_has(r#"<button formaction="/sell/change">Change</button>"#);
    assert_eq!(page.header("cache-control"), "private, no-cache", "the back button finds it");
}

#[tokio::test]
async fn what_was_typed_goes_along_with_its_key_and_comes_back_to_be_changed() {
    let ticket = json!({"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 20, "userId": crate::testing::USER, "version": 0});
    let site = Site::signed_in([(CHECK, 200, checked()), ("POST /api/tickets", 201, ticket)]).await;
    let fields = hidden(&site.post("/sell/review", &FIELDS).await);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields, FIELDS);
    for _ in 0..2 {
        assert_eq!(site.post("/sell", &fields).await.location(), "/tickets/5f1f77bcf86cd799439011b1");
    }
    assert_eq!(site.keys(), ["0f1e", "0f1e"], "the API is told that it is the same listing");
    let form = site.post("/sell/change", &fields).await;
    assert_eq!(form.status, 200);
    for (name, value) in [("title", " Row &lt;A&gt; "), ("price", "1.234,50"), ("seat", "12"), ("key", "0f1e")] {
        form.assert_has(&format!(r#"name="{name}""#));
        form.assert_has(&format!(r#"value="{value}""#));
    }
    form.assert_has(r#"<option value="eur" selected>EUR</option>"#);
    form.assert_has(r#"action="/sell/review""#);
    form.assert_lacks("There is a problem");
}

#[tokio::test]
async fn an_event_that_was_moved_after_the_review_is_reviewed_again() {
    let event =
        |starts_at: &str| (GET_EVENT, 200, event(json!({"startsAt": starts_at, "status": "moved", "version": 1})));
    let ticket = json!({"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 20, "userId": crate::testing::USER, "version": 0});
    let answers = |starts_at| [(CHECK, 200, checked()), ("POST /api/tickets", 201, ticket.clone()), event(starts_at)];
    let typed = [("title", "A"), ("price", "20"), ("eventId", EVENT), ("eventCurrency", "eur"), ("key", "0f1e")];
    let as_reviewed = Site::signed_in(answers("2027-07-14T19:30:00+02:00")).await;
    let fields = hidden(&as_reviewed.post("/sell/review", &typed).await);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert!(fields.contains(&("shownStart", "2027-07-14T17:30:00.000Z")), "{fields:?}");
    assert_eq!(as_reviewed.post("/sell", &fields).await.location(), "/tickets/5f1f77bcf86cd799439011b1");
    let moved = Site::signed_in(answers("2027-08-01T19:30:00+02:00")).await;
    let page = moved.post("/sell", &fields).await;
    page.assert_has("The event has been moved since you saw this.");
    page.assert_has("<h1>Review your listing</h1>");
    assert_eq!(moved.keys(), Vec::<String>::new(), "nothing is listed");
}

#[tokio::test]
async fn mistakes_are_found_before_the_review() {
    let errors = json!({"errors": [
        {"message": "Title is required", "field": "title"}, {"message": "Price must be greater than 0", "field": "price"},
        {"code": "seat_listed", "message": "You are selling this seat already", "field": "seat"},
    ]});
    let page = Site::signed_in([(CHECK, 400, errors)]).await;
    let page = page.post("/sell/review", &[("price", "1.500"), ("seat", "12"), ("key", "0f1e")]).await;
    assert_eq!(page.status, 400);
    page.assert_has(r#"id="title-error">Title is required"#);
    page.assert_has(r#"id="price-error">Price 1.500 can be read in two ways: write 1500, or 1.50"#);
    page.assert_has(r#"id="seat-error">You are selling this seat already"#);
    page.assert_has(r#"name="key" value="0f1e""#);
    page.assert_lacks("Review your listing");
}

#[tokio::test]
async fn a_form_that_nobody_can_check_now_is_kept() {
    let away = json!({"errors": [{"code": "unavailable", "message": "Temporarily unavailable"}]});
    let page = Site::signed_in([(CHECK, 503, away)]).await.post("/sell/review", &FIELDS).await;
    assert_eq!(page.status, 503);
    page.assert_has("What you typed is still here");
    page.assert_has(r#"value="1.234,50""#);
    let stranger = Site::answering([]).await;
    for path in ["/sell/review", "/sell/change"] {
        let page = stranger.post(path, &FIELDS).await;
        assert_eq!(page.status, 400, "{path}");
        page.assert_has("You have been signed out");
        page.assert_has(r#"value="1.234,50""#);
        assert_eq!(stranger.get(path).await.location(), "/sell");
    }
    assert_eq!(stranger.calls(), Vec::<String>::new());
}
