use serde_json::{Value, json};

use crate::testing::{self, CannedResponse, Reply, Site, USER};

const ID: &str = "5f1f77bcf86cd799439011e1";
const PAGE: &str = "/e/gala-berlin-2027-06-12";
const EVENT: &str = "GET /api/events/gala-berlin-2027-06-12";

fn event(change: Value) -> Value {
    let named = json!({
        "id": ID, "slug": "gala-berlin-2027-06-12", "name": "Gala <2027>",
        "venue": {"name": "Große Halle", "city": "Berlin", "country": "Germany"},
        "tiers": [{"name": "Stalls", "faceValue": 190}, {"name": "Standing & more"}], "ticketCount": 2, "fromPrice": 75,
    });
    testing::with(testing::event(named), change)
}

fn tickets() -> CannedResponse {
    let ticket = |id: &str, price: f64, more: Value| {
        let ticket = json!({
            "id": id, "title": "Two together", "price": price, "currency": "eur", "userId": USER, "version": 3,
            "event": "Gala <2027>", "eventId": ID, "startsAt": "2027-06-12T17:30:00.000Z", "timeZone": "Europe/Berlin",
        });
        testing::with(ticket, more)
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
async fn who_organises_an_event_finds_its_door_and_nobody_else_is_asked_about() {
    const ROLE: &str = "GET /api/deliveries/events/5f1f77bcf86cd799439011e1/role";
    let door = format!(r#"<a class="button" href="/door/{ID}">Check people in</a>"#);
    let answers = |role| vec![(EVENT, 200, event(json!({}))), tickets(), role];
    let organiser = Site::signed_in(answers((ROLE, 200, json!({"organises": true})))).await;
    organiser.get(PAGE).await.assert_has(&door);
    assert_eq!(organiser.calls().iter().filter(|call| *call == ROLE).count(), 1);
    let begun = event(json!({"startsAt": "2026-11-22T12:30:00+01:00"}));
    let role = (ROLE, 200, json!({"organises": true}));
    Site::signed_in([(EVENT, 200, begun), tickets(), role]).await.get(PAGE).await.assert_has(&door);
    for role in [(ROLE, 200, json!({"organises": false})), (ROLE, 503, json!({"errors": []}))] {
        let page = Site::signed_in(answers(role)).await.get(PAGE).await;
        assert_eq!(page.status, 200);
        page.assert_lacks("/door/");
    }
    let site = Site::answering(answers((ROLE, 200, json!({"organises": true})))).await;
    site.get(PAGE).await.assert_lacks("/door/");
    assert!(!site.calls().iter().any(|call| call == ROLE), "{:?}", site.calls());
}

#[tokio::test]
async fn one_kind_of_tickets_can_be_seen_alone() {
    let site = Site::answering([(EVENT, 200, event(json!({}))), ("GET /api/tickets", 200, json!([]))]).await;
    let page = site.get(&format!("{PAGE}?tier=Stalls")).await;
    assert_eq!(site.calls()[1], format!("GET /api/tickets?sort=price&limit=50&eventId={ID}&tier=Stalls"));
    page.assert_has(r#"href="/e/gala-berlin-2027-06-12?tier=Stalls" aria-current="page" dir="auto">Stalls</a>"#);
    page.assert_has("There are no such tickets at the moment.");
}

fn seats(of_event: Value, numbers: &[u32]) -> Vec<CannedResponse> {
    let ticket = |number: &u32| {
        json!({
            "id": format!("5f1f77bcf86cd7994390{number:04}"), "title": format!("Chair {number}"), "price": 75 + number,
            "currency": "eur", "userId": USER, "version": 0, "eventId": ID, "row": "F", "seat": number.to_string(),
        })
    };
    vec![(EVENT, 200, of_event), ("GET /api/tickets", 200, numbers.iter().map(ticket).collect())]
}

/// The seats in the list, in its order.
fn listed(page: &Reply) -> Vec<&str> {
    let names = page.body.split(r#"dir="auto">Chair "#).skip(1);
    names.map(|rest| rest.split_once('<').expect("an end").0).collect()
}

#[tokio::test]
async fn seats_together_are_marked_and_can_be_seen_alone() {
    let site = Site::answering(seats(event(json!({})), &[1, 11, 12, 20, 21, 22])).await;
    let all = site.get(PAGE).await;
    assert_eq!(listed(&all), ["1", "11", "12", "20", "21", "22"]);
    all.assert_has("Row <bdi>F</bdi> · Seat <bdi>11</bdi> · 2 together<");
    all.assert_has("Seat <bdi>21</bdi> · 3 together<");
    all.assert_has("Seat <bdi>1</bdi></span>");
    all.assert_has(r#"<nav class="chips" aria-label="Seats together"><ul><li><a href="/e/gala-berlin-2027-06-12" aria-current="page">Any number</a></li><li><a href="/e/gala-berlin-2027-06-12?together=2">2 together</a></li>"#);
    all.assert_has(r#"?together=4">4+ together</a>"#);
    all.assert_lacks("Each is bought by itself");
    for (number, expected) in [("2", vec!["11", "12", "20", "21", "22"]), ("3", vec!["20", "21", "22"]), ("4", vec![])]
    {
        let page = site.get(&format!("{PAGE}?together={number}&tier=Stalls&cursor=x")).await;
        assert_eq!(listed(&page), expected, "{number}");
        page.assert_has("Each is bought by itself");
        assert_eq!(page.body.contains("Nobody offers so many"), expected.is_empty());
        page.assert_has(&format!(r#"?tier=Stalls&amp;together={number}" aria-current="page""#));
        let asked = format!("GET /api/tickets?sort=price&limit=100&eventId={ID}&tier=Stalls");
        assert_eq!(site.calls().last(), Some(&asked), "all are looked at");
    }
    // More than one is asked for: 20, 21 and 22 are three.
    let page = site.get(&format!("{PAGE}?together=5")).await;
    assert_eq!(listed(&page), [""; 0]);
    page.assert_has("Nobody offers so many");
    page.assert_has(r#"?together=4">4+ together</a>"#);
    page.assert_has(r#"?together=5" aria-current="page">5+ together</a>"#);
    let site = Site::answering(seats(event(json!({})), &[1, 2, 3, 4, 5, 7, 8, 9, 10])).await;
    assert_eq!(listed(&site.get(&format!("{PAGE}?together=5")).await), ["1", "2", "3", "4", "5"]);
    let site = Site::answering(seats(event(json!({})), &[1, 11, 12, 20, 21, 22])).await;
    let nonsense = site.get(&format!("{PAGE}?together=1000000")).await;
    assert_eq!(listed(&nonsense).len(), 6);
    nonsense.assert_has(r#"aria-current="page">Any number</a>"#);
}

#[tokio::test]
async fn those_together_with_the_cheapest_seat_come_first_and_the_heading_says_so() {
    let (call, status, mut listed) = seats(event(json!({})), &[31, 12, 30, 11]).pop().expect("tickets");
    for (ticket, price) in listed.as_array_mut().expect("a list").iter_mut().zip([70, 75, 80, 90]) {
        ticket["price"] = json!(price);
    }
    let site = Site::answering([(EVENT, 200, event(json!({}))), (call, status, listed)]).await;
    let page = site.get(&format!("{PAGE}?together=2")).await;
    assert_eq!(self::listed(&page), ["30", "31", "11", "12"]);
    page.assert_has(r#"id="tickets">Seats together, those with the cheapest seat first</h2>"#);
    page.assert_has("in one section where no row is given. Whichever have the cheapest seat come first.");
    site.get(PAGE).await.assert_has(r#"id="tickets">Tickets, cheapest first</h2>"#);
}

#[tokio::test]
async fn where_no_seats_are_together_nobody_is_asked_for_a_number() {
    let page = Site::answering(seats(event(json!({})), &[1, 3, 5])).await.get(PAGE).await;
    page.assert_lacks("together");
}

#[tokio::test]
async fn only_so_many_tickets_are_looked_at_and_the_page_says_so() {
    let many: Vec<u32> = (1..=100).collect();
    let site = Site::answering(seats(event(json!({})), &many)).await;
    let site = site.with_header("link", r#"</api/tickets?cursor=next>; rel="next""#);
    let page = site.get(&format!("{PAGE}?together=4")).await;
    page.assert_has("These were looked for among the 500 cheapest tickets.");
    page.assert_lacks("Load more");
    assert_eq!(site.calls().iter().filter(|call| call.starts_with("GET /api/tickets")).count(), 5);
}

#[tokio::test]
async fn an_id_leads_to_the_readable_address_and_nonsense_nowhere() {
    let by_id = ("GET /api/events/5f1f77bcf86cd799439011e1", 200, event(json!({})));
    let site = Site::answering([by_id]).await;
    let reply = site.get(&format!("/e/{ID}?tier=Stalls")).await;
    assert_eq!((reply.status, reply.location()), (308, "/e/gala-berlin-2027-06-12?tier=Stalls"));
    for capitals in [format!("/e/{}?tier=Stalls", ID.to_uppercase()), format!("/e/{ID}/?tier=Stalls")] {
        let reply = site.get(&capitals).await;
        assert_eq!(reply.status, 308, "{capitals}");
        let leads_to = [&format!("/e/{ID}?tier=Stalls"), "/e/gala-berlin-2027-06-12?tier=Stalls"];
        assert!(leads_to.contains(&reply.location()), "{capitals}: {}", reply.location());
    }
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

#[tokio::test]
async fn a_title_that_says_only_what_the_page_says_is_not_repeated() {
    let (call, status, mut listed) = tickets();
    listed[0]["title"] = json!("GALA 2027, Stalls, row F, seat 12");
    listed[1]["title"] = json!("Gala 2027");
    let page = Site::answering([(EVENT, 200, event(json!({}))), (call, status, listed)]).await.get(PAGE).await;
    page.assert_lacks("GALA 2027");
    page.assert_has("<bdi>12</bdi></a>");
    page.assert_has(">Gala 2027</a>");
}
