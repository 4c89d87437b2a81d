use serde_json::{Value, json};

use crate::testing::{CannedResponse, Site, USER};

const ID: &str = "5f1f77bcf86cd799439011e1";
const PAGE: &str = "/e/gala-berlin-2027-06-12";
const EVENT: &str = "GET /api/events/gala-berlin-2027-06-12";

fn event(change: Value) -> Value {
    let mut event = json!({
        "id": ID, "slug": "gala-berlin-2027-06-12", "name": "Gala <2027>",
        "venue": {"name": "Große Halle", "city": "Berlin", "country": "Germany"},
        "startsAt": "2027-06-12T19:30:00+02:00", "timeZone": "Europe/Berlin", "currency": "eur",
        "tiers": [{"name": "Stalls", "faceValue": 190}, {"name": "Standing & more"}], "status": "public", "version": 0,
        "ticketCount": 2, "fromPrice": 75,
    });
    event.as_object_mut().expect("fields").extend(change.as_object().expect("fields").clone());
    event
}

fn tickets() -> CannedResponse {
    let ticket = |id: &str, price: f64, more: Value| {
        let mut ticket = json!({
            "id": id, "title": "Two together", "price": price, "currency": "eur", "userId": USER, "version": 3,
            "event": "Gala <2027>", "eventId": ID, "startsAt": "2027-06-12T17:30:00.000Z", "timeZone": "Europe/Berlin",
        });
        ticket.as_object_mut().expect("fields").extend(more.as_object().expect("fields").clone());
        ticket
    };
    let seat = json!({"tier": "Stalls", "row": "F", "seat": "12"});
    let listed =
        json!([ticket("5f1f77bcf86cd799439011b1", 75.0, seat), ticket("5f1f77bcf86cd799439011b2", 94.0, json!({}))]);
    ("GET /api/tickets", 200, listed)
}

#[tokio::test]
async fn an_event_shows_its_tickets_in_the_time_of_its_venue() {
    let site = Site::answering([(EVENT, 200, event(json!({}))), tickets()]).await;
    let page = site.get(PAGE).await;
    assert_eq!(page.status, 200);
    page.assert_has(r#"<h1 dir="auto">Gala &lt;2027&gt;</h1>"#);
    let plain = page.body.replace('\u{202f}', " ");
    let begins = r#"<time datetime="2027-06-12T19:30:00+02:00">Sat, Jun 12, 2027, 7:30 PM</time> <span class="zone">(Berlin time)</span>"#;
    assert!(plain.contains(begins), "{plain}");
    page.assert_has("<bdi>Große Halle</bdi>, <bdi>Berlin</bdi>, <bdi>Germany</bdi>");
    page.assert_has("from €75.00 · 2 tickets");
    page.assert_has(r#"<a href="/tickets/5f1f77bcf86cd799439011b1" dir="auto">Two together</a>"#);
    page.assert_has("<bdi>Stalls</bdi> · Row <bdi>F</bdi> · Seat <bdi>12</bdi>");
    page.assert_has(r#"href="/e/gala-berlin-2027-06-12?tier=Standing+%26+more" dir="auto">Standing &amp; more</a>"#);
    page.assert_has(&format!(r#"href="/sell?event={ID}""#));
    assert_eq!(site.calls()[1], format!("GET /api/tickets?sort=price&limit=50&eventId={ID}"));
    let one = Site::answering([(EVENT, 200, event(json!({"ticketCount": 1}))), tickets()]).await.get(PAGE).await;
    one.assert_has("€75.00 · 1 ticket<");
}

#[tokio::test]
async fn one_kind_of_tickets_can_be_seen_alone() {
    let site = Site::answering([(EVENT, 200, event(json!({}))), ("GET /api/tickets", 200, json!([]))]).await;
    let page = site.get(&format!("{PAGE}?tier=Stalls")).await;
    assert_eq!(site.calls()[1], format!("GET /api/tickets?sort=price&limit=50&eventId={ID}&tier=Stalls"));
    page.assert_has(r#"href="/e/gala-berlin-2027-06-12?tier=Stalls" aria-current="page" dir="auto">Stalls</a>"#);
    page.assert_has("There are no such tickets at the moment.");
}

#[tokio::test]
async fn an_id_leads_to_the_readable_address_and_nonsense_nowhere() {
    let by_id = ("GET /api/events/5f1f77bcf86cd799439011e1", 200, event(json!({})));
    let site = Site::answering([by_id]).await;
    let reply = site.get(&format!("/e/{ID}?tier=Stalls")).await;
    assert_eq!((reply.status, reply.location()), (308, "/e/gala-berlin-2027-06-12?tier=Stalls"));
    for nonsense in ["/e/gala", "/e/%00", "/e/%ff", "/e/a%2Fb", "/e/GALA", "/e/..%2Ftickets"] {
        assert_eq!(site.get(nonsense).await.status, 404, "{nonsense}");
    }
}

#[tokio::test]
async fn what_has_begun_or_is_cancelled_says_so() {
    let none = ("GET /api/tickets", 200, json!([]));
    let begun = event(json!({"startsAt": "2026-11-22T12:00:00+00:00", "ticketCount": 0, "fromPrice": null}));
    let page = Site::answering([(EVENT, 200, begun), none.clone()]).await.get(PAGE).await;
    page.assert_has("The event has begun, so there are no tickets for sale any more.");
    page.assert_lacks("/sell?event");
    let cancelled = event(json!({"status": "cancelled", "ticketCount": 0, "fromPrice": null}));
    let page = Site::answering([(EVENT, 200, cancelled), none.clone()]).await.get(PAGE).await;
    page.assert_has("This event is cancelled.");
    page.assert_lacks("/sell?event");
    let empty = event(json!({"ticketCount": 0, "fromPrice": null}));
    let page = Site::answering([(EVENT, 200, empty), none]).await.get(PAGE).await;
    page.assert_has("No tickets at the moment");
}
