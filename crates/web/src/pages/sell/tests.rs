use axum::body::Body;
use axum::extract::Request;
use serde_json::json;

use crate::testing::{EVENT, Reply, Site, USER};

mod issued;
mod promises;

#[tokio::test]
async fn only_who_has_signed_in_sells() {
    assert_eq!(Site::answering([]).await.get("/sell").await.location(), "/signin?next=%2Fsell");
    let page = Site::signed_in([]).await.get("/sell").await;
    assert_eq!(page.status, 200);
    for label in
        ["Title", "Price", "Currency", "Event", "Venue", "Date and time", "Time zone", "Section", "Row", "Seat"]
    {
        page.assert_has(&format!(">{label}</label>"));
    }
    page.assert_has(r#"data-too-large="Price must be at most 999999.99""#);
    page.assert_lacks("disabled");
}

#[tokio::test]
async fn a_ticket_is_listed_from_the_form() {
    let id = "5f1f77bcf86cd799439011b1";
    let ticket = json!({"id": id, "title": "Row A", "price": 20.5, "userId": USER, "version": 0});
    let site = Site::signed_in([("POST /api/tickets", 201, ticket)]).await;
    let fields = [("title", "Row A"), ("price", "20,50"), ("currency", "eur"), ("startsAt", "2027-07-14T19:30")];
    let reply = site.post("/sell", &[&fields[..], &[("timeZone", "Europe/Berlin")]].concat()).await;
    assert_eq!((reply.status, reply.location()), (303, format!("/tickets/{id}").as_str()));
    let sent = r#"{"title":"Row A","price":"20.50","currency":"eur","event":"","venue":"","startsAt":"2027-07-14T19:30","timeZone":"Europe/Berlin","section":"","row":"","seat":""}"#;
    assert_eq!(site.calls(), [format!("POST /api/tickets {sent}")]);
}

#[tokio::test]
async fn a_refused_form_comes_back_filled_in_with_errors_beside_fields() {
    let errors = json!({"errors": [
        {"message": "Title is required", "field": "title"},
        {"message": "Start must be a moment like 2026-11-22T17:43:03Z", "field": "startsAt"},
    ]});
    let site = Site::signed_in([("POST /api/tickets", 400, errors)]).await;
    let fields = [("price", "<b>\""), ("currency", "sek"), ("startsAt", "tomorrow"), ("timeZone", "Berlin")];
    let page = site.post("/sell", &fields).await;
    assert_eq!(page.status, 400);
    page.assert_has(r##"<a href="#title">Title is required</a>"##);
    page.assert_has(r#"<p class="field-error" id="title-error">Title is required</p>"#);
    page.assert_has(r#"aria-invalid="true" aria-describedby="startsAt-hint startsAt-error""#);
    page.assert_has(r#"value="&lt;b&gt;&quot;""#);
    page.assert_has(r#"<option value="sek" selected>SEK</option>"#);
    page.assert_has(r#"value="tomorrow""#);
    page.assert_has(r#"name="timeZone" type="text" value="Berlin""#);
}

#[tokio::test]
async fn a_price_is_read_however_it_is_written() {
    let id = "5f1f77bcf86cd799439011b1";
    let ticket = json!({"id": id, "title": "Row A", "price": 20.5, "userId": USER, "version": 0});
    for (price, currency, sent) in [
        ("20,50", "usd", "20.50"),
        ("$20", "usd", "20.00"),
        ("20 €", "eur", "20.00"),
        ("1.234,50", "eur", "1234.50"),
        ("1,234.50", "usd", "1234.50"),
        ("1\u{202f}234,50 zł", "pln", "1234.50"),
        ("٢٠", "usd", "20.00"),
        ("２０", "usd", "20.00"),
    ] {
        let site = Site::signed_in([("POST /api/tickets", 201, ticket.clone())]).await;
        let reply = site.post("/sell", &[("title", "Row A"), ("price", price), ("currency", currency)]).await;
        assert_eq!(reply.status, 303, "{price}");
        let calls = site.calls();
        assert!(calls[0].contains(&format!(r#""price":"{sent}""#)), "{price}: {calls:?}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_price_is_said_beside_all_else() {
    let errors = json!({"errors": [
        {"message": "Title is required", "field": "title"},
        {"message": "Price must be greater than 0", "field": "price"},
    ]});
    for (price, currency, said) in [
        ("1.500", "usd", "Price 1.500 can be read in two ways: write 1500, or 1.50"),
        ("20 €", "usd", "Price is written in €, but the currency chosen is USD"),
        ("-20", "usd", "Price must be without a sign"),
        ("19.999", "usd", "Price must have at most 2 decimal places"),
        ("twenty", "usd", "Price must be a number like 20.50"),
        ("0,00", "usd", "Price must be greater than 0"),
    ] {
        let site = Site::signed_in([("POST /api/tickets", 400, errors.clone())]).await;
        let page = site.post("/sell", &[("price", price), ("currency", currency)]).await;
        assert_eq!(page.status, 400, "{price}");
        page.assert_has(&format!(r#"<p class="field-error" id="price-error">{said}</p>"#));
        page.assert_has(r#"<p class="field-error" id="title-error">Title is required</p>"#);
        page.assert_has(&format!(r#"value="{price}""#));
    }
}

#[tokio::test]
async fn an_ended_session_does_not_lose_the_form() {
    let site = Site::answering([]).await;
    let page = site.post("/sell", &[("title", "Row A"), ("price", "20")]).await;
    assert_eq!(page.status, 400);
    page.assert_has("You have been signed out");
    page.assert_has(r#"value="Row A""#);
    assert_eq!(site.calls(), Vec::<String>::new());
}

/// The key in the form on the page.
fn key(page: &Reply) -> String {
    let (_, rest) = page.body.split_once(r#"name="key" value=""#).expect("the form has a key");
    rest.split('"').next().expect("a value").to_owned()
}

#[tokio::test]
async fn a_form_that_is_sent_twice_lists_one_ticket() {
    let ticket = json!({"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 20, "userId": USER, "version": 0});
    let site = Site::signed_in([("POST /api/tickets", 201, ticket)]).await;
    let (one, other) = (key(&site.get("/sell").await), key(&site.get("/sell").await));
    assert!(one.len() == 32 && one != other, "{one} {other}");
    for _ in 0..2 {
        let reply = site.post("/sell", &[("title", "A"), ("price", "20"), ("key", &one)]).await;
        assert_eq!(reply.location(), "/tickets/5f1f77bcf86cd799439011b1");
    }
    assert_eq!(site.keys(), [one.as_str(), &one], "the API is told that it is the same form");
    // Whoever makes up a key that is none, has none.
    site.post("/sell", &[("title", "A"), ("price", "20"), ("key", "a\r\nb")]).await;
    assert_eq!(site.keys().len(), 2);
}

#[tokio::test]
async fn a_form_that_was_changed_and_sent_again_says_what_happened() {
    let reused = json!({"errors": [{"code": "idempotency_key_reused", "message": "used"}]});
    let page = Site::signed_in([("POST /api/tickets", 422, reused)]).await;
    let page = page.post("/sell", &[("title", "Row B"), ("price", "20"), ("key", "before")]).await;
    assert_eq!(page.status, 422);
    page.assert_has("You have sent this form before, and that ticket is among your listings.");
    page.assert_has(r#"value="Row B""#);
    assert_ne!(key(&page), "before");
}

#[tokio::test]
async fn a_seat_that_is_listed_already_is_named() {
    let listed = json!({"errors": [
        {"code": "seat_listed", "message": "You are selling this seat already", "field": "seat"},
    ]});
    let site = Site::signed_in([("POST /api/tickets", 400, listed)]).await;
    let page = site.post("/sell", &[("title", "Row B"), ("price", "20"), ("seat", "12"), ("key", "before")]).await;
    page.assert_has(r#"id="seat-error">You are selling this seat already"#);
    // The API keeps its answer under the key: the form in its better version needs another.
    assert_ne!(key(&page), "before");
}

#[tokio::test]
async fn a_form_whose_fate_is_unknown_keeps_its_key() {
    let away = json!({"errors": [{"code": "unavailable", "message": "Temporarily unavailable"}]});
    let site = Site::signed_in([("POST /api/tickets", 503, away)]).await;
    let page = site.post("/sell", &[("title", "Row B"), ("price", "20"), ("key", "before")]).await;
    assert_eq!(page.status, 503);
    page.assert_has("What you typed is still here");
    assert_eq!(key(&page), "before");
    let busy = json!({"errors": [{"code": "request_in_progress", "message": "in progress"}]});
    let site = Site::signed_in([("POST /api/tickets", 409, busy)]).await;
    let page = site.post("/sell", &[("title", "Row B"), ("price", "20"), ("key", "before")]).await;
    assert_eq!(page.status, 503);
    page.assert_has(r#"<input type="hidden" name="title" value="Row B">"#);
    page.assert_has(r#"<input type="hidden" name="key" value="before">"#);
}

fn event() -> serde_json::Value {
    let venue = json!({"name": "Halle", "city": "Berlin", "country": "Germany"});
    crate::testing::event(json!({"venue": venue, "tiers": [{"name": "Stalls"}]}))
}

#[tokio::test]
async fn selling_begins_with_the_event() {
    let site = Site::signed_in([("GET /api/events", 200, json!([event()]))]).await;
    let page = site.get("/sell?q=+gal").await;
    assert_eq!(site.calls(), ["GET /api/events?q=gal"]);
    page.assert_has(&format!(r#"<a href="/sell?event={EVENT}" dir="auto">Gala</a>"#));
    page.assert_has("(Berlin time)");
    page.assert_has(r#"href="/events/new?name=gal">Add an event</a>"#);
    let none = Site::signed_in([("GET /api/events", 200, json!([]))]).await.get("/sell?q=gal").await;
    none.assert_has("No event that is still to come is called so.");
    // One can sell all the same while nobody answers.
    Site::signed_in([]).await.get("/sell?q=gal").await.assert_has(">Review listing</button>");
}

#[tokio::test]
async fn events_that_come_later_are_on_further_pages() {
    let link = r#"</api/events?q=gal+%26&cursor=abc>; rel="next""#;
    let site = Site::signed_in([("GET /api/events", 200, json!([event()]))]).await.with_header("link", link);
    let first = site.get("/sell?q=+gal+%26").await;
    first.assert_has(r#"<a class="button" href="/sell?q=gal+%26&amp;cursor=abc" data-more>More</a>"#);
    first.assert_has(r#"name="q" type="search" value=" gal &amp;""#);
    first.assert_lacks("Back to the first");
    let second = site.get("/sell?q=gal+%26&cursor=abc").await;
    assert_eq!(site.calls()[1], "GET /api/events?q=gal+%26&cursor=abc");
    second.assert_has(r#"<a class="button" href="/sell?q=gal+%26" data-more>Back to the first</a>"#);
    second.assert_has(r#"name="q" type="search" value="gal &amp;""#);
    let last = Site::signed_in([("GET /api/events", 200, json!([event()]))]).await.get("/sell?q=gal&cursor=abc").await;
    last.assert_lacks(">More</a>");
    let gone = Site::signed_in([("GET /api/events", 200, json!([]))]).await.get("/sell?q=gal&cursor=abc").await;
    gone.assert_has("There are no more events that are called so.");
}

#[tokio::test]
async fn a_position_in_another_list_leads_to_the_first_page() {
    let refused = json!({"errors": [{"message": "cursor must come from elsewhere", "field": "cursor"}]});
    let answers = [("GET /api/events", 400, refused), ("GET /api/events", 200, json!([event()]))];
    let site = Site::signed_in(answers).await;
    let page = site.get("/sell?q=gal&cursor=abc").await;
    assert_eq!(site.calls(), ["GET /api/events?q=gal&cursor=abc", "GET /api/events?q=gal"]);
    page.assert_has(&format!(r#"<a href="/sell?event={EVENT}" dir="auto">Gala</a>"#));
    page.assert_lacks("Back to the first");
}

#[tokio::test]
async fn a_ticket_to_a_known_event_is_listed_with_its_seat_and_price() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let ticket = json!({"id": "5f1f77bcf86cd799439011b1", "title": "A", "price": 20, "userId": USER, "version": 0});
    let site = Site::signed_in([(by_id, 200, event()), ("POST /api/tickets", 201, ticket)]).await;
    let page = site.get(&format!("/sell?event={EVENT}")).await;
    page.assert_has(r#"<legend dir="auto">Gala</legend>"#);
    page.assert_has(&format!(r#"<input type="hidden" name="eventId" value="{EVENT}">"#));
    page.assert_has("All tickets to it are sold in EUR.");
    page.assert_has(r#"<datalist id="tiers"><option value="Stalls">"#);
    page.assert_lacks(r#"name="startsAt""#);
    let fields = [("title", "A"), ("price", "20"), ("eventId", EVENT), ("event", "Gala"), ("tier", "Stalls")];
    assert_eq!(site.post("/sell", &fields).await.location(), "/tickets/5f1f77bcf86cd799439011b1");
    let sent = format!(
        r#"POST /api/tickets {{"title":"A","price":"20.00","eventId":"{EVENT}","tier":"Stalls","section":"","row":"","seat":""}}"#
    );
    assert_eq!(site.calls().pop(), Some(sent));
    assert_eq!(site.get("/sell?event=5f1f77bcf86cd799439011ff").await.status, 404);
}

#[tokio::test]
async fn what_a_ticket_may_cost_at_the_most_is_said_before_and_after() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let mut event = event();
    event["tiers"] =
        json!([{"name": "Stalls", "faceValue": 190, "highestPrice": 209}, {"name": "Standing", "faceValue": 90}]);
    let message = "Price must be at most 209.00 EUR for tickets of this tier";
    let refused = json!({"errors": [{"code": "price_above_cap", "message": message, "field": "price"}]});
    let answers =
        [(by_id, 200, event), ("POST /api/tickets/check", 400, refused.clone()), ("POST /api/tickets", 400, refused)];
    let site = Site::signed_in(answers).await;
    let form = site.get(&format!("/sell?event={EVENT}")).await;
    form.assert_has(r#"<p class="meta"><bdi>Stalls</bdi>: At most €209.00</p>"#);
    form.assert_lacks("<bdi>Standing</bdi>");
    let fields = [("title", "A"), ("price", "210"), ("eventId", EVENT), ("eventCurrency", "eur"), ("tier", "Stalls")];
    for path in ["/sell/review", "/sell"] {
        let page = site.post(path, &fields).await;
        assert_eq!(page.status, 400, "{path}");
        page.assert_has(&format!(r#"<p class="field-error" id="price-error">{message}</p>"#));
        page.assert_has("At most €209.00");
        page.assert_lacks("Review your listing");
    }
}

#[tokio::test]
async fn a_price_in_another_currency_than_the_events_is_not_taken_for_one_in_it() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let refused = json!({"errors": [{"message": "Price must be greater than 0", "field": "price"}]});
    let site = Site::signed_in([(by_id, 200, event()), ("POST /api/tickets", 400, refused)]).await;
    let form = site.get(&format!("/sell?event={EVENT}")).await;
    form.assert_has(r#"<input type="hidden" name="eventCurrency" value="eur">"#);
    let fields = [("title", "A"), ("price", "$20"), ("eventId", EVENT), ("eventCurrency", "eur")];
    let page = site.post("/sell", &fields).await;
    page.assert_has(r#"id="price-error">Price is written in $, but the currency chosen is EUR</p>"#);
    assert!(site.calls().iter().any(|call| call.contains(r#""price":"""#)), "{:?}", site.calls());
}

#[tokio::test]
async fn nothing_is_sold_to_what_has_begun_or_is_cancelled() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let with = |field: &str, value: &str| {
        let mut event = event();
        event[field] = json!(value);
        event
    };
    for (event, words) in [
        (with("startsAt", "2020-06-12T19:30:00+02:00"), "The event has begun"),
        (with("status", "cancelled"), "This event is cancelled."),
    ] {
        let page = Site::signed_in([(by_id, 200, event)]).await.get(&format!("/sell?event={EVENT}")).await;
        assert_eq!(page.status, 200);
        page.assert_has(words);
        page.assert_has(r#"href="/sell">Another event</a>"#);
        page.assert_lacks("ticket-form");
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_event_is_said_beside_it() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let begun = json!({"errors": [{"message": "Start must be in the future", "field": "startsAt"}]});
    let site = Site::signed_in([(by_id, 200, event()), ("POST /api/tickets/check", 400, begun)]).await;
    let fields = [("title", "A"), ("price", "20"), ("eventId", EVENT), ("eventCurrency", "eur")];
    let page = site.post("/sell/review", &fields).await;
    page.assert_has(r##"<a href="#eventId">Start must be in the future</a>"##);
    page.assert_has(r#"<legend dir="auto">Gala</legend><p class="field-error">Start must be in the future</p>"#);
}

#[tokio::test]
async fn the_currency_chosen_first_is_that_of_the_visitors_region() {
    let site = Site::signed_in([]).await;
    for place in ["/sell", "/events/new"] {
        for (languages, chosen) in [("en-US", "usd"), ("de-DE,de;q=0.9", "eur"), ("de-CH", "chf"), ("ja", "usd")] {
            let request = Request::get(place).header("accept-language", languages);
            let page = site.send(request.body(Body::empty()).expect("a request")).await;
            page.assert_has(&format!(r#"<option value="{chosen}" selected>"#));
            assert_eq!(page.body.matches(" selected>").count(), 1, "{place} in {languages}");
        }
    }
}

#[tokio::test]
async fn what_is_typed_goes_along_to_the_event_and_back() {
    let by_id = "GET /api/events/5f1f77bcf86cd799439011e1";
    let site = Site::signed_in([(by_id, 200, event()), ("GET /api/events", 200, json!([event()]))]).await;
    let typed = [("title", "Row <A>"), ("price", "20,50"), ("event", "My gala"), ("seat", "12"), ("key", "k1")];
    let found = site.post("/sell/find", &[&typed[..], &[("q", " gal "), ("currency", "nok")]].concat()).await;
    assert_eq!(found.status, 303);
    let place = "/sell?q=gal&title=Row+%3CA%3E&price=20%2C50&currency=nok&eventName=My+gala&seat=12";
    assert_eq!(found.location(), place);
    let list = site.get(place).await;
    for (name, value) in [("title", "Row &lt;A&gt;"), ("price", "20,50"), ("event", "My gala"), ("seat", "12")] {
        list.assert_has(&format!(r#"name="{name}" type="text" value="{value}""#));
    }
    list.assert_has(r#"<option value="nok" selected>"#);
    list.assert_lacks("k1");
    let chosen = format!("/sell?event={EVENT}&title=Row+%3CA%3E&price=20%2C50&currency=nok&eventName=My+gala&seat=12");
    list.assert_has(&format!(r#"href="{}""#, chosen.replace('&', "&amp;")));
    let form = site.get(&chosen).await;
    form.assert_has(r#"<legend dir="auto">Gala</legend>"#);
    form.assert_has(r#"name="title" type="text" value="Row &lt;A&gt;""#);
    form.assert_has(r#"name="price" type="text" value="20,50""#);
    form.assert_has(
        r#"href="/sell?title=Row+%3CA%3E&amp;price=20%2C50&amp;currency=nok&amp;seat=12">Another event</a>"#,
    );
    // What no ticket can have is not worth an address.
    let long = site.post("/sell/find", &[("title", &"a".repeat(201)), ("price", "1"), ("q", &"b".repeat(201))]).await;
    assert_eq!(long.location(), format!("/sell?q={}&price=1", "b".repeat(200)));
}

#[tokio::test]
async fn the_enter_key_finds_what_is_looked_for_and_else_shows_the_review() {
    let checked = json!({"title": "A", "price": 20, "currency": "usd"});
    let site = Site::signed_in([("POST /api/tickets/check", 200, checked)]).await;
    let typed = [("title", "A"), ("price", "20"), ("entered", "1")];
    site.post("/sell/find", &[&typed[..], &[("q", " ")]].concat()).await.assert_has("Review your listing");
    let found = site.post("/sell/find", &[&typed[..], &[("q", "gala")]].concat()).await;
    assert_eq!(found.location(), "/sell?q=gala&title=A&price=20");
    // Its own button finds, and does nothing else.
    assert_eq!(site.post("/sell/find", &[("title", "A"), ("q", "")]).await.location(), "/sell?title=A");
    assert_eq!(site.get("/sell/find").await.location(), "/sell");
    let page = site.get("/sell").await;
    let (entered, review) = (page.body.find(r#"name="entered""#), page.body.find(">Review listing<"));
    assert!(entered.is_some() && entered < review, "the first button is the one that Enter presses");
    let signed_out = Site::answering([]).await.post("/sell/find", &[("title", "A"), ("q", "gala")]).await;
    signed_out.assert_has("You have been signed out");
    signed_out.assert_has(r#"value="A""#);
}

#[tokio::test]
async fn what_is_wrong_is_called_as_the_form_calls_it() {
    let errors = json!({"errors": [
        {"message": "Tier must be one of Stalls", "field": "tier"},
        {"message": "Start must be in the future", "field": "startsAt"},
    ]});
    let site = Site::signed_in([("POST /api/tickets/check", 400, errors)]).await;
    let past = site.post("/sell/review", &[("startsAt", "2020-03-28T02:30"), ("timeZone", "Europe/Berlin")]).await;
    past.assert_has(r#"id="startsAt-error">Date and time must be in the future</p>"#);
    past.assert_has(r##"<a href="#tier">Kind of ticket must be one of Stalls</a>"##);
    let skipped = site.post("/sell/review", &[("startsAt", "2027-03-28T02:30"), ("timeZone", "Europe/Berlin")]).await;
    let plain = skipped.body.replace('\u{202f}', " ");
    let said = "There is no Sun, Mar 28, 2027, 2:30 AM at the venue: the clocks there are put forward past it";
    assert!(plain.contains(&format!(r#"id="startsAt-error">{said}</p>"#)), "{plain}");
}

#[tokio::test]
async fn who_has_to_confirm_their_address_is_shown_the_way_to_another_mail() {
    let said = json!({"errors": [{"code": "address_not_confirmed", "message": "Confirm your email address first"}]});
    let site = Site::signed_in([("POST /api/tickets/check", 403, said)]).await;
    let page = site.post("/sell/review", &[("title", "A"), ("price", "20")]).await;
    assert_eq!(page.status, 403);
    page.assert_has("Confirm your email address first");
    page.assert_has(r#"<a href="/account">To your account, which sends you the mail again</a>"#);
}
