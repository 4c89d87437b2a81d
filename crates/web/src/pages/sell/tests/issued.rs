//! Tickets that are issued here.

use serde_json::{Value, json};

use super::event;
use crate::pages::order::testing::{GET_ORDER, ORDER, with};
use crate::testing::{CannedResponse, EVENT, GET_EVENT, Reply, Site, USER};

const ROLE: &str = "GET /api/deliveries/events/5f1f77bcf86cd799439011e1/role";
const OFFERED: &str = r#"<option value="ours">We issue the ticket</option>"#;

fn role(organises: bool) -> CannedResponse {
    (ROLE, 200, json!({"organises": organises}))
}

/// A paid order of a ticket that we have issued.
fn bought(changes: Value) -> CannedResponse {
    let ticket = json!({
        "id": "5f1f77bcf86cd799439011aa", "title": "Row <C>", "price": 75, "currency": "eur", "version": 1,
        "event": "Gala", "eventId": EVENT, "startsAt": "2027-06-12T17:30:00.000Z", "timeZone": "Europe/Berlin",
        "tier": "Stalls", "row": "C", "seat": "7", "delivery": {"mode": "ours", "seal": 1},
    });
    let order = with(json!({"status": "complete", "ticket": ticket}));
    (GET_ORDER, 200, crate::testing::with(order, changes))
}

/// The fields that are sent with a form unseen.
fn hidden(page: &Reply) -> Vec<(&str, &str)> {
    let inputs = page.body.split(r#"<input type="hidden" name=""#).skip(1);
    inputs
        .filter_map(|input| {
            let (name, rest) = input.split_once(r#"" value=""#)?;
            Some((name, rest.split('"').next()?))
        })
        .collect()
}

#[tokio::test]
async fn only_an_organiser_is_offered_that_we_issue_the_ticket() {
    let place = format!("/sell?event={EVENT}");
    let organiser = Site::signed_in([(GET_EVENT, 200, event()), role(true)]).await;
    let page = organiser.get(&place).await;
    page.assert_has(OFFERED);
    page.assert_has("A ticket that we issue is a code");
    let another = Site::signed_in([(GET_EVENT, 200, event()), role(false)]).await;
    another.get(&place).await.assert_lacks("We issue the ticket");
    // By their address alone nobody becomes one.
    another.get(&format!("{place}&delivery=ours")).await.assert_lacks("We issue the ticket");
    another.get(&format!("{place}&delivery=ours")).await.assert_has(r#"<option value="later">"#);
    // To an event that nobody knows nothing is issued, and nobody is asked.
    let nowhere = Site::signed_in([role(true)]).await;
    nowhere.get("/sell").await.assert_lacks("We issue the ticket");
    assert_eq!(nowhere.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn what_an_organiser_has_chosen_stays_chosen() {
    let fields = [("title", "A"), ("price", "20"), ("eventId", EVENT), ("eventCurrency", "eur"), ("delivery", "ours")];
    for role in [role(true), (ROLE, 503, json!({"errors": []}))] {
        let site = Site::signed_in([(GET_EVENT, 200, event()), role]).await;
        let page = site.post("/sell/change", &fields).await;
        page.assert_has(r#"<option value="ours" selected>We issue the ticket</option>"#);
    }
    let signed_out = Site::answering([]).await.post("/sell/review", &fields).await;
    signed_out.assert_has("You have been signed out");
    signed_out.assert_has(r#"<option value="ours" selected>We issue the ticket</option>"#);
}

#[tokio::test]
async fn an_organisers_ticket_is_listed_as_one_that_we_issue_and_its_page_says_how_that_stands() {
    let id = "5f1f77bcf86cd799439011b1";
    let listed =
        json!({"id": id, "title": "A", "price": 20, "userId": USER, "version": 0, "delivery": {"mode": "ours"}});
    let checked = json!({"title": "A", "price": 20, "currency": "eur", "delivery": {"mode": "ours"}});
    let site = Site::signed_in([("POST /api/tickets/check", 200, checked), ("POST /api/tickets", 201, listed)]).await;
    let fields = [("title", "A"), ("price", "20"), ("eventId", EVENT), ("eventCurrency", "eur"), ("delivery", "ours")];
    let review = site.post("/sell/review", &fields).await;
    review.assert_has("Once you list it, we make sure that it is yours to sell");
    review.assert_has("A ticket that we issue is a code");
    assert_eq!(site.post("/sell", &fields).await.location(), format!("/tickets/{id}/delivery"));
    let call = site.calls().pop().expect("a call");
    assert!(call.ends_with(r#""delivery":{"mode":"ours"}}"#), "{call}");
}

#[tokio::test]
async fn what_was_bought_here_is_sold_on_as_it_was_bought() {
    let id = "5f1f77bcf86cd799439011b1";
    let promise = json!({"mode": "ours", "boughtBy": ORDER});
    let listed = json!({"id": id, "title": "A", "price": 80, "userId": USER, "version": 0, "delivery": promise});
    let checked = json!({"title": "A", "price": 80, "currency": "eur", "delivery": promise});
    let site = Site::signed_in([
        bought(json!({})),
        (GET_EVENT, 200, event()),
        ("POST /api/tickets/check", 200, checked),
        ("POST /api/tickets", 201, listed),
    ])
    .await;
    let form = site.get(&format!("/sell?boughtBy={ORDER}")).await;
    assert_eq!(form.status, 200);
    for shown in [
        r#"<legend dir="auto">Gala</legend>"#,
        r#"name="title" type="text" value="Row &lt;C&gt;""#,
        "Row: <bdi>C</bdi>",
        "Its buyer gets a new code the moment they have paid.",
        "All tickets to it are sold in EUR.",
    ] {
        form.assert_has(shown);
    }
    form.assert_lacks("<select");
    form.assert_lacks("Another event");
    assert!(!site.calls().iter().any(|call| call == ROLE), "who sells on what they bought need be no organiser");
    let fields = hidden(&form);
    for field in [("boughtBy", ORDER), ("delivery", "ours"), ("eventId", EVENT), ("row", "C"), ("seat", "7")] {
        assert!(fields.contains(&field), "{field:?} in {fields:?}");
    }
    let fields: Vec<_> = fields.into_iter().chain([("title", "Row C"), ("price", "80")]).collect();
    let review = site.post("/sell/review", &fields).await;
    review.assert_has("Then yours does not let anybody in any more.");
    review.assert_has(&format!(r#"<input type="hidden" name="boughtBy" value="{ORDER}">"#));
    assert_eq!(site.post("/sell", &fields).await.location(), format!("/tickets/{id}/delivery"));
    let call = site.calls().pop().expect("a call");
    let promise = format!(
        r#""tier":"Stalls","section":"","row":"C","seat":"7","delivery":{{"mode":"ours","boughtBy":"{ORDER}"}}}}"#
    );
    assert!(call.starts_with("POST /api/tickets ") && call.ends_with(&promise), "{call}");
    let again = site.post("/sell/change", &fields).await;
    again.assert_has("Row: <bdi>C</bdi>");
    again.assert_lacks("<select");
}

#[tokio::test]
async fn what_cannot_be_sold_on_leads_back_to_its_order() {
    let mut uploaded = bought(json!({}));
    uploaded.2["ticket"]["delivery"] = json!({"mode": "sealed", "seal": 1});
    let refunded = bought(json!({"refund": {"state": "pending", "amount": 75}}));
    for order in [uploaded, refunded, bought(json!({"status": "created"})), bought(json!({"dispute": "lost"}))] {
        let reply = Site::signed_in([order]).await.get(&format!("/sell?boughtBy={ORDER}")).await;
        assert_eq!((reply.status, reply.location()), (303, format!("/orders/{ORDER}").as_str()));
    }
    let (call, _, _) = bought(json!({}));
    let theirs = (call, 401, json!({"errors": [{"message": "Not authorized"}]}));
    assert_eq!(Site::signed_in([theirs]).await.get(&format!("/sell?boughtBy={ORDER}")).await.status, 404);
}

#[tokio::test]
async fn what_is_wrong_with_what_is_not_typed_is_said_beside_the_event() {
    for field in ["delivery", "tier", "seat"] {
        let refused = json!({"errors": [{"code": "invalid_field", "message": "Not so", "field": field}]});
        let site = Site::signed_in([(GET_EVENT, 200, event()), ("POST /api/tickets/check", 400, refused)]).await;
        let fields = [("title", "A"), ("eventId", EVENT), ("delivery", "ours"), ("boughtBy", ORDER), ("seat", "7")];
        let page = site.post("/sell/review", &fields).await;
        page.assert_has(r##"<a href="#eventId">Not so</a>"##);
    }
}
