use serde_json::{Value, json};

use crate::testing::{EVENT, GET_EVENT, Site, USER, event, with};

const EDIT: &str = "/tickets/5f1f77bcf86cd799439011b1/edit";
const SHOW: &str = "GET /api/tickets/5f1f77bcf86cd799439011b1";
const CHANGE: &str = "PUT /api/tickets/5f1f77bcf86cd799439011b1";

fn ticket(more: Value) -> Value {
    let ticket = json!({
        "id": "5f1f77bcf86cd799439011b1", "title": "Row A", "price": 20.5, "currency": "eur", "version": 3,
        "userId": USER, "venue": "Hall", "startsAt": "2027-03-14T19:30:00.000Z",
        "timeZone": "UTC",
    });
    with(ticket, more)
}

fn locked() -> Value {
    ticket(json!({"orderId": "5f1f77bcf86cd799439011c1", "version": 4}))
}

fn reserved() -> Value {
    json!({"errors": [{"message": "Cannot edit a reserved ticket"}]})
}

#[tokio::test]
async fn the_seller_finds_the_ticket_as_it_is() {
    let page = Site::signed_in([(SHOW, 200, ticket(json!({})))]).await.get(EDIT).await;
    assert_eq!(page.status, 200);
    for value in ["Row A", "20.50", "Hall", "2027-03-14T19:30"] {
        page.assert_has(&format!(r#"value="{value}""#));
    }
    page.assert_has(r#"<option value="eur" selected>"#);
    page.assert_has(
        r#"role="status" data-ticket-id="5f1f77bcf86cd799439011b1" data-version="3" data-state="for-sale"></div>"#,
    );
    page.assert_has(r#"<input type="hidden" name="version" value="3">"#);
    page.assert_lacks("disabled");
}

#[tokio::test]
async fn changes_are_saved_and_shown() {
    let site = Site::signed_in([(CHANGE, 200, ticket(json!({})))]).await;
    let typed = [("title", "Row B"), ("price", "30"), ("currency", "eur"), ("version", "3")];
    let reply = site.post(EDIT, &typed).await;
    assert_eq!((reply.status, reply.location()), (303, "/tickets/5f1f77bcf86cd799439011b1"));
    assert!(
        site.calls()[0].starts_with(&format!(r#"{CHANGE} {{"title":"Row B","price":"30.00","#)),
        "{:?}",
        site.calls()
    );
    assert!(site.calls()[0].ends_with(r#""version":3}"#), "{:?}", site.calls());
}

#[tokio::test]
async fn nobody_else_may() {
    let stranger = Site::answering([(SHOW, 200, ticket(json!({})))]).await.get(EDIT).await;
    assert_eq!(stranger.location(), "/signin?next=%2Ftickets%2F5f1f77bcf86cd799439011b1%2Fedit");

    let theirs = ticket(json!({"userId": "5f1f77bcf86cd799439011ff"}));
    let refused = json!({"errors": [{"message": "Not authorized"}]});
    let somebody = Site::signed_in([(SHOW, 200, theirs), (CHANGE, 401, refused)]).await;
    for page in [somebody.get(EDIT).await, somebody.post(EDIT, &[("title", "Mine now"), ("price", "1")]).await] {
        assert_eq!(page.status, 403);
        page.assert_has("This belongs to somebody else");
    }
}

#[tokio::test]
async fn a_missing_ticket_cannot_be_edited() {
    let site = Site::signed_in([]).await;
    for place in [EDIT, "/tickets/x/edit", "/tickets/%00/edit", "/tickets/%ff/edit"] {
        assert_eq!(site.get(place).await.status, 404, "{place}");
        assert_eq!(site.post(place, &[("title", "Row B")]).await.status, 404, "{place}");
    }
}

#[tokio::test]
async fn a_reserved_ticket_is_shown_but_closed() {
    for (ticket, words) in [(locked(), "Someone is buying it"), (ticket(json!({"sold": true})), "It is sold")] {
        let page = Site::signed_in([(SHOW, 200, ticket)]).await.get(EDIT).await;
        assert_eq!(page.status, 200);
        page.assert_has("<fieldset disabled>");
        let notice = page.body.split(r#"role="status""#).nth(1).and_then(|rest| rest.split("</div>").next());
        let notice = notice.expect("shows the state of the ticket");
        assert!(notice.contains("Cannot edit a reserved ticket") && notice.contains(words), "{notice}");
    }
}

#[tokio::test]
async fn a_seller_overtaken_by_a_buyer_sees_why_and_keeps_the_form() {
    let site = Site::signed_in([(CHANGE, 400, reserved()), (SHOW, 200, locked())]).await;
    let page = site.post(EDIT, &[("title", "Row B"), ("price", "30")]).await;
    assert_eq!(page.status, 400);
    page.assert_has("<li>Cannot edit a reserved ticket</li>");
    page.assert_has(r#"value="Row B""#);
    page.assert_has("<fieldset disabled>");
}

#[tokio::test]
async fn an_ended_session_does_not_lose_the_form() {
    let refused = json!({"errors": [{"message": "Not authorized"}]});
    let site = Site::answering([(CHANGE, 401, refused), (SHOW, 200, ticket(json!({})))]).await;
    let page = site.post(EDIT, &[("title", "Row B"), ("price", "30")]).await;
    assert_eq!(page.status, 400);
    page.assert_has("You have been signed out");
    page.assert_has(r#"value="Row B""#);
}

fn changed() -> Value {
    json!({"errors": [{"code": "ticket_changed", "message": "The ticket has been changed since you saw it"}]})
}

#[tokio::test]
async fn a_seller_overtaken_by_themselves_sees_both_and_keeps_what_they_typed() {
    let now = ticket(json!({"title": "Row <C>", "price": 25, "version": 5}));
    let site = Site::signed_in([(CHANGE, 409, changed()), (SHOW, 200, now)]).await;
    let typed = [
        ("title", "Row B"),
        ("price", "30"),
        ("currency", "eur"),
        ("venue", "Hall"),
        ("startsAt", "2027-03-14T19:30"),
        ("timeZone", "UTC"),
        ("version", "3"),
    ];
    let page = site.post(EDIT, &typed).await;
    assert_eq!(page.status, 409);
    page.assert_has("This ticket has been changed in the meantime");
    page.assert_has(r#"<th scope="row">Title</th><td dir="auto">Row &lt;C&gt;</td><td dir="auto">Row B</td>"#);
    page.assert_has(r#"<th scope="row">Price</th><td dir="auto">€25.00</td><td dir="auto">€30.00</td>"#);
    for same in ["Venue", "Date and time", "Seat"] {
        page.assert_lacks(&format!(r#"<th scope="row">{same}</th>"#));
    }
    page.assert_has(r#"value="Row B""#);
    page.assert_has(r#"name="version" value="5""#);
    page.assert_has(">Save over it</button>");
    page.assert_has(&format!(r#"href="{EDIT}">Leave it as it is now</a>"#));
}

#[tokio::test]
async fn nothing_that_differs_is_left_out() {
    let now = ticket(json!({"section": "Stalls", "seat": "<1>"}));
    let site = Site::signed_in([(CHANGE, 409, changed()), (SHOW, 200, now)]).await;
    let typed = [("title", "Row A"), ("price", "cheap"), ("currency", "usd"), ("seat", "2"), ("startsAt", "tomorrow")];
    let page = site.post(EDIT, &typed).await;
    for row in [
        r#"<th scope="row">Price</th><td dir="auto">€20.50</td><td dir="auto">cheap USD</td>"#,
        r#"<th scope="row">Venue</th><td dir="auto">Hall</td><td dir="auto">–</td>"#,
        r#"<th scope="row">Section</th><td dir="auto">Stalls</td><td dir="auto">–</td>"#,
        r#"<th scope="row">Seat</th><td dir="auto">&lt;1&gt;</td><td dir="auto">2</td>"#,
        r#"<td dir="auto">tomorrow</td>"#,
    ] {
        page.assert_has(row);
    }
    // Both tabs typed the same.
    let typed = [
        ("title", "Row A"),
        ("price", "20,50"),
        ("currency", "eur"),
        ("venue", "Hall"),
        ("section", "Stalls"),
        ("seat", "<1>"),
        ("startsAt", "2027-03-14T19:30"),
        ("timeZone", "UTC"),
    ];
    site.post(EDIT, &typed).await.assert_has("It already is what you typed.");
}

#[tokio::test]
async fn what_was_typed_stays_while_nobody_answers() {
    let away = json!({"errors": [{"code": "unavailable", "message": "Temporarily unavailable"}]});
    let site = Site::signed_in([(CHANGE, 503, away), (SHOW, 200, ticket(json!({"version": 4})))]).await;
    let page = site.post(EDIT, &[("title", "Row B"), ("price", "30"), ("version", "3")]).await;
    assert_eq!(page.status, 503);
    page.assert_has("This could not be saved just now");
    page.assert_has(r#"value="Row B""#);
    // A change of before that was not heard of is still noticed.
    page.assert_has(r#"name="version" value="3""#);
}

#[tokio::test]
async fn a_start_in_the_past_is_refused_beside_its_field() {
    let past =
        json!({"errors": [{"code": "invalid_field", "message": "Start must be in the future", "field": "startsAt"}]});
    let site = Site::signed_in([(CHANGE, 400, past), (SHOW, 200, ticket(json!({})))]).await;
    let page = site.post(EDIT, &[("title", "Row B"), ("price", "30"), ("startsAt", "2020-01-01T00:00")]).await;
    assert_eq!(page.status, 400);
    page.assert_has(r#"id="startsAt-error">Date and time must be in the future"#);
}

#[tokio::test]
async fn a_withdrawn_ticket_cannot_be_edited_and_one_that_has_begun_can() {
    let withdrawn = Site::signed_in([(SHOW, 200, ticket(json!({"withdrawn": true})))]).await.get(EDIT).await;
    withdrawn.assert_has("<fieldset disabled>");
    withdrawn.assert_has("This ticket is withdrawn, so it cannot be changed.");
    let begun = ticket(json!({"startsAt": "2020-01-01T00:00:00.000Z"}));
    let begun = Site::signed_in([(SHOW, 200, begun)]).await.get(EDIT).await;
    begun.assert_lacks("<fieldset disabled>");
    begun.assert_has("The event has begun, so nobody can buy this ticket.");
}

/// A night in which one hour comes twice: the show begins in the second of them.
#[tokio::test]
async fn a_new_title_does_not_move_an_event_in_a_repeated_hour() {
    let twice = ticket(json!({"startsAt": "2027-10-31T01:30:00.000Z", "timeZone": "Europe/Berlin"}));
    let site = Site::signed_in([(SHOW, 200, twice.clone()), (CHANGE, 200, twice)]).await;
    let form = site.get(EDIT).await;
    form.assert_has(r#"name="startsAt" type="datetime-local" value="2027-10-31T02:30""#);
    form.assert_has(r#"name="timeZone" type="text" value="Europe/Berlin""#);
    form.assert_has(r#"<input type="hidden" name="shownStart" value="2027-10-31T01:30:00.000Z">"#);
    let typed = |starts_at: &'static str| {
        [
            ("title", "Row B"),
            ("price", "30"),
            ("startsAt", starts_at),
            ("timeZone", "Europe/Berlin"),
            ("shownStart", "2027-10-31T01:30:00.000Z"),
        ]
    };
    let sent = async |starts_at| {
        site.post(EDIT, &typed(starts_at)).await;
        let call = site.calls().pop().expect("a call");
        let (_, body) = call.split_once(" {").expect("a body");
        let body: Value = serde_json::from_str(&format!("{{{body}")).expect("JSON");
        (body["startsAt"].clone(), body["timeZone"].clone())
    };
    assert_eq!(sent("2027-10-31T02:30").await, (json!("2027-10-31T01:30:00.000Z"), json!("Europe/Berlin")));
    assert_eq!(sent("2027-10-31T02:45").await, (json!("2027-10-31T02:45"), json!("Europe/Berlin")));
}

#[tokio::test]
async fn a_ticket_to_a_known_event_is_edited_without_repeating_what_the_event_says() {
    let id = "5f1f77bcf86cd799439011e1";
    let of_event = ticket(json!({"event": "Gala", "eventId": id, "tier": "Stalls", "timeZone": "Europe/Berlin"}));
    let site = Site::signed_in([(SHOW, 200, of_event.clone()), (CHANGE, 200, of_event)]).await;
    let form = site.get(EDIT).await;
    form.assert_has(&format!(r#"<input type="hidden" name="eventId" value="{id}">"#));
    form.assert_has(r#"<legend dir="auto">Gala</legend>"#);
    form.assert_has(r#"name="tier" type="text" value="Stalls""#);
    for absent in [r#"name="currency""#, r#"name="startsAt""#, r#"name="venue""#] {
        form.assert_lacks(absent);
    }
    let typed = [("title", "Row B"), ("price", "30"), ("eventId", id), ("event", "Gala"), ("tier", "Stalls")];
    site.post(EDIT, &typed).await;
    let sent = format!(
        r#"{CHANGE} {{"title":"Row B","price":"30.00","eventId":"{id}","tier":"Stalls","section":"","row":"","seat":""}}"#
    );
    assert_eq!(site.calls().pop(), Some(sent));
}

#[tokio::test]
async fn what_a_known_event_says_is_no_difference() {
    let id = "5f1f77bcf86cd799439011e1";
    let of_event = ticket(json!({"event": "Gala", "eventId": id, "timeZone": "Europe/Berlin", "version": 5}));
    let site = Site::signed_in([(CHANGE, 409, changed()), (SHOW, 200, of_event)]).await;
    let typed = [("title", "Row B"), ("price", "20.50"), ("eventId", id), ("eventCurrency", "eur"), ("event", "Gala")];
    let page = site.post(EDIT, &typed).await;
    page.assert_has(r#"<th scope="row">Title</th><td dir="auto">Row A</td><td dir="auto">Row B</td>"#);
    for same in ["Price", "Venue", "Date and time"] {
        page.assert_lacks(&format!(r#"<th scope="row">{same}</th>"#));
    }
}

#[tokio::test]
async fn a_price_that_cannot_be_read_is_explained() {
    let refused = json!({"errors": [{"message": "Price must be greater than 0", "field": "price"}]});
    let site = Site::signed_in([(CHANGE, 400, refused), (SHOW, 200, ticket(json!({})))]).await;
    let page = site.post(EDIT, &[("title", "Row B"), ("price", "$20"), ("currency", "eur")]).await;
    page.assert_has(r#"id="price-error">Price is written in $, but the currency chosen is EUR</p>"#);
    page.assert_has(r#"value="$20""#);
    assert!(site.calls()[0].contains(r#""price":"""#), "{:?}", site.calls());
}

#[tokio::test]
async fn what_we_issue_stays_what_we_issue_and_what_is_sold_on_where_it_was_bought() {
    let order = "5f1f77bcf86cd799439011c1";
    let ours = |bought_by: Option<&str>| {
        let delivery = json!({"mode": "ours", "boughtBy": bought_by});
        ticket(json!({"event": "Gala", "eventId": EVENT, "row": "C", "seat": "7", "delivery": delivery}))
    };
    for (bought_by, place) in [(None, r#"name="seat" type="text" value="7""#), (Some(order), "Seat: <bdi>7</bdi>")] {
        let listed = ours(bought_by);
        let site =
            Site::signed_in([(SHOW, 200, listed.clone()), (GET_EVENT, 200, event(json!({}))), (CHANGE, 200, listed)]);
        let site = site.await;
        let page = site.get(EDIT).await;
        page.assert_has("it is once we know that it is yours to sell");
        page.assert_has(r#"<input type="hidden" name="delivery" value="ours">"#);
        page.assert_has(place);
        page.assert_lacks("I upload it now");
        page.assert_lacks("upload it first");
        let typed = [("title", "A"), ("price", "30"), ("eventId", EVENT), ("eventCurrency", "eur"), ("version", "3")];
        let kept = [("delivery", "ours"), ("shownDelivery", "ours"), ("boughtBy", bought_by.unwrap_or_default())];
        let reply = site.post(EDIT, &[&typed[..], &kept].concat()).await;
        assert_eq!(reply.location(), "/tickets/5f1f77bcf86cd799439011b1/delivery");
        let call = site.calls().pop().expect("a call");
        assert!(call.starts_with(CHANGE) && !call.contains("delivery"), "{call}");
    }
}
