use serde_json::json;

use crate::testing::{EVENT, Site, event};

const FIELDS: [(&str, &str); 7] = [
    ("name", "Gala"),
    ("venue", "Halle"),
    ("city", "Berlin"),
    ("country", "Germany"),
    ("startsAt", "2027-06-12T19:30"),
    ("timeZone", "Europe/Berlin"),
    ("currency", "eur"),
];

#[tokio::test]
async fn an_event_is_added_and_then_sold() {
    let site = Site::signed_in([("POST /api/events", 201, event(json!({})))]).await;
    let form = site.get("/events/new?name=Gala").await;
    form.assert_has(r#"name="name" type="text" value="Gala""#);
    form.assert_has(r#"<option value="Europe/Berlin">"#);
    let reply = site.post("/events/new", &FIELDS).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/sell?event={EVENT}").as_str()));
    let sent = r#"{"name":"Gala","venue":{"name":"Halle","city":"Berlin","country":"Germany"},"startsAt":"2027-06-12T19:30","timeZone":"Europe/Berlin","currency":"eur"}"#;
    assert_eq!(site.calls(), [format!("POST /api/events {sent}")]);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost() {
    let wrong = "Start is impossible: there is no 2027-03-28T02:30 in Europe/Berlin: the clocks are put forward then";
    let errors = json!({"errors": [
        {"message": wrong, "field": "startsAt"}, {"message": "City is required", "field": "venue.city"},
    ]});
    let page = Site::signed_in([("POST /api/events", 400, errors)]).await.post("/events/new", &FIELDS).await;
    assert_eq!(page.status, 400);
    page.assert_has(&format!(r#"id="startsAt-error">{wrong}"#));
    page.assert_has(r#"id="city-error">City is required"#);
    page.assert_has(r#"value="Halle""#);
    let stranger = Site::answering([]).await;
    assert_eq!(stranger.get("/events/new").await.location(), "/signin?next=%2Fevents%2Fnew");
    stranger.post("/events/new", &FIELDS).await.assert_has("You have been signed out");
}

/// The same event, with kinds of tickets in the first row and in the last one.
fn with_tiers(typed: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [&FIELDS[..], typed].concat()
}

#[tokio::test]
async fn kinds_of_tickets_are_given_with_the_event() {
    let refused = json!({"errors": [{"message": "City is required", "field": "venue.city"}]});
    let site = Site::signed_in([("POST /api/events", 400, refused)]).await;
    let form = site.get("/events/new").await;
    form.assert_has(r#"<fieldset id="tiers" tabindex="-1"><legend>Kinds of tickets</legend>"#);
    let typed = with_tiers(&[("tier1", "Stalls"), ("faceValue1", "1.190,50 €"), ("tier2", " "), ("tier3", "Standing")]);
    let page = site.post("/events/new", &typed).await;
    let sent = r#""currency":"eur","tiers":[{"name":"Stalls","faceValue":"1190.50"},{"name":"Standing"}]}"#;
    assert!(site.calls()[0].ends_with(sent), "{:?}", site.calls());
    for (field, value) in &typed[FIELDS.len()..] {
        page.assert_has(&format!(r#"name="{field}" type="text" value="{value}""#));
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_kind_of_tickets_is_said_in_its_row() {
    let errors = json!({"errors": [
        {"message": "Name of a tier is required", "field": "tiers.0.name"},
        {"message": "Price must be greater than 0", "field": "tiers.0.faceValue"},
        {"message": "Price must be greater than 0", "field": "tiers.1.faceValue"},
        {"message": "Tiers must have different names", "field": "tiers"},
    ]});
    let site = Site::signed_in([("POST /api/events", 400, errors)]).await;
    // Of the first row nothing is sent.
    let typed = with_tiers(&[("faceValue2", "$20"), ("tier3", "Standing"), ("faceValue3", "0")]);
    let page = site.post("/events/new", &typed).await;
    assert!(site.calls()[0].contains(r#""tiers":[{"name":"","faceValue":""},{"name":"Standing","faceValue":"0"}]"#));
    page.assert_has(r#"id="tier2-error">Name of a tier is required</p>"#);
    page.assert_has(r#"id="faceValue2-error">Price is written in $, but the currency chosen is EUR</p>"#);
    page.assert_has(r#"id="faceValue3-error">Price must be greater than 0</p>"#);
    page.assert_has(r##"<a href="#tiers">Tiers must have different names</a>"##);
    page.assert_has(r#"<p class="field-error">Tiers must have different names</p>"#);
    page.assert_lacks(r#"id="tier1-error""#);
}

#[tokio::test]
async fn who_adds_too_many_events_is_told_so_and_keeps_what_was_typed() {
    let message = "You have added many events lately. Please try again in 2 hours";
    let refused = json!({"errors": [{"code": "too_many_events", "message": message}]});
    let site = Site::signed_in([("POST /api/events", 429, refused)]).await.with_header("retry-after", "7200");
    let page = site.post("/events/new", &with_tiers(&[("tier1", "Stalls")])).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "7200"));
    page.assert_has(message);
    page.assert_has(r#"value="Halle""#);
    page.assert_has(r#"name="tier1" type="text" value="Stalls""#);
}
