use serde_json::{Value, json};

use crate::testing::{Site, USER};

const EDIT: &str = "/tickets/5f1f77bcf86cd799439011b1/edit";
const SHOW: &str = "GET /api/tickets/5f1f77bcf86cd799439011b1";
const CHANGE: &str = "PUT /api/tickets/5f1f77bcf86cd799439011b1";

fn ticket(more: Value) -> Value {
    let mut ticket = json!({
        "id": "5f1f77bcf86cd799439011b1", "title": "Row A", "price": 20.5, "currency": "eur", "version": 3,
        "userId": USER, "venue": "Hall", "startsAt": "2027-03-14T19:30:00.000Z",
    });
    let fields = more.as_object().expect("fields").clone();
    ticket.as_object_mut().expect("fields").extend(fields);
    ticket
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
    for value in ["Row A", "20.50", "Hall", "2027-03-14T19:30:00"] {
        page.assert_has(&format!(r#"value="{value}""#));
    }
    page.assert_has(r#"<option value="eur" selected>"#);
    page.assert_has(
        r#"role="status" data-ticket-id="5f1f77bcf86cd799439011b1" data-version="3" data-state="for-sale"></div>"#,
    );
    page.assert_lacks("disabled");
}

#[tokio::test]
async fn changes_are_saved_and_shown() {
    let site = Site::signed_in([(CHANGE, 200, ticket(json!({})))]).await;
    let reply = site.post(EDIT, &[("title", "Row B"), ("price", "30"), ("currency", "eur")]).await;
    assert_eq!((reply.status, reply.location()), (303, "/tickets/5f1f77bcf86cd799439011b1"));
    assert!(site.calls()[0].starts_with(&format!(r#"{CHANGE} {{"title":"Row B","price":"30","#)), "{:?}", site.calls());
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
