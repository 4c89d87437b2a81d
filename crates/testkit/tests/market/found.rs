//! What search engines and calendars are told, as they read it.

use client::{Client, Event, EventForm, Price, Ticket, TicketForm, Venue};
use serde_json::{Value, json};
use testkit::readers::{calendar, structured_data};
use testkit::world::{Engine, Page, Pages, World};

/// Would end a script, a line, or a value in a list.
const NAME: &str = "Gala </script><!-- & \"Søn\"; 東京, \\n";

fn price() -> Price {
    Price::from_minor_units(75_00).expect("a price")
}

async fn event(seller: &Client) -> Event {
    let venue = Venue { name: "Große Halle, Tor 3".into(), city: "Berlin".into(), country: "Germany".into() };
    let form = EventForm {
        name: NAME.into(),
        venue,
        starts_at: "2027-06-12T19:30".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "eur".into(),
        tiers: Vec::new(),
    };
    seller.add_event(&form).await.expect("is added")
}

async fn ticket_to(event: &Event, seller: &Client) -> Ticket {
    let form = TicketForm {
        event_id: Some(event.id.to_string()),
        row: Some("F".into()),
        ..TicketForm::new(format!("Two together at {NAME}"), price())
    };
    seller.create_ticket(&form).await.expect("is listed")
}

/// A ticket to an event that its seller describes.
async fn described_ticket(seller: &Client) -> Ticket {
    let form = TicketForm {
        event: Some("Hamilton".into()),
        venue: Some("Richard Rodgers Theatre".into()),
        starts_at: Some("2027-03-14T19:30:00Z".into()),
        ..TicketForm::new("Row A", price())
    };
    seller.create_ticket(&form).await.expect("is listed")
}

async fn read(pages: &Pages, visitor: &Client, path: &str) -> Page {
    let page = pages.get(visitor, path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.html);
    page
}

/// The only event that the page tells of.
async fn understood(page: &Page) -> Value {
    let data = structured_data(&page.html).await;
    assert_eq!(data.findings, Vec::<String>::new(), "{}", data.found);
    let [event] = data.found["Event"].as_array().expect("events").as_slice() else { panic!("{}", data.found) };
    event.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn search_engines_understand_what_they_are_told_of_events_and_tickets() {
    let world = World::start(Engine::Embedded).await;
    let (pages, seller, buyer) = (world.pages().await, world.user("seller").await, world.user("buyer").await);
    let event = event(&seller).await;
    let (ticket, described) = (ticket_to(&event, &seller).await, described_ticket(&seller).await);
    let page = read(&pages, &buyer, &format!("/e/{}", event.slug)).await;
    let told = understood(&page).await;
    assert_eq!((&told["name"], &told["startDate"]), (&json!(NAME), &json!("2027-06-12T19:30:00+02:00")));
    let url = format!("{}/e/{}", pages.address, event.slug);
    assert_eq!((&told["url"], &told["offers"]["lowPrice"]), (&json!(url), &json!("75.00")));
    let told = understood(&read(&pages, &buyer, &format!("/tickets/{}", ticket.id)).await).await;
    assert_eq!(told["offers"]["name"], ticket.title);
    let told = understood(&read(&pages, &buyer, &format!("/tickets/{}", described.id)).await).await;
    assert_eq!((&told["name"], &told["startDate"]), (&json!("Hamilton"), &json!("2027-03-14T19:30:00.000Z")));
    // The validator would find it: a property, a type and a value that schema.org does not know.
    for (right, wrong) in [("startDate", "startsAt"), ("\"Place\"", "\"Hall\""), ("/InStock", "/Available")] {
        let wrong = structured_data(&page.html.replacen(right, wrong, 1)).await;
        assert_eq!(wrong.findings.len(), 1, "{:?}", wrong.findings);
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calendars_read_an_event_and_an_order() {
    let world = World::start(Engine::Embedded).await;
    let (pages, seller, buyer) = (world.pages().await, world.user("seller").await, world.user("buyer").await);
    let event = event(&seller).await;
    let ticket = ticket_to(&event, &seller).await;
    let file = read(&pages, &buyer, &format!("/e/{}/event.ics", event.slug)).await.html;
    let expected = json!([{
        "uid": format!("event-{}", event.id),
        "sequence": 0,
        "summary": NAME,
        "location": "Große Halle, Tor 3, Berlin, Germany",
        "description": null,
        "status": "CONFIRMED",
        "url": format!("{}/e/{}", pages.address, event.slug),
        "begins": "2027-06-12T17:30:00.000Z",
    }]);
    assert_eq!(json!(calendar(&file).await), expected);

    world.settle().await;
    let order = buyer.create_order(ticket.id).await.expect("is reserved");
    let path = format!("/orders/{}/event.ics", order.id);
    let before = calendar(&read(&pages, &buyer, &path).await.html).await;
    buyer.pay(order.id, "tok_visa").await.expect("is paid");
    world.settle().await;
    let [after] = &calendar(&read(&pages, &buyer, &path).await.html).await[..] else { panic!("one entry") };
    assert_eq!((&before[0]["status"], &after["status"]), (&json!("TENTATIVE"), &json!("CONFIRMED")));
    assert_eq!((&before[0]["uid"], &after["uid"]), (&json!(format!("order-{}", order.id)), &before[0]["uid"]));
    assert!(before[0]["sequence"].as_u64() < after["sequence"].as_u64(), "{before:?}, {after}");
    assert_eq!((&after["summary"], &after["location"]), (&json!(NAME), &json!("Große Halle, Tor 3, Berlin, Germany")));
    assert_eq!(after["description"], format!("{}\nRow: F", ticket.title));
    assert_eq!(pages.get(&seller, &path).await.status, 404);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_in_the_sitemap_is_that_of_a_page_for_search_engines() {
    let world = World::start(Engine::Embedded).await;
    let (pages, seller) = (world.pages().await, world.user("seller").await);
    let event = event(&seller).await;
    let (ticket, described) = (ticket_to(&event, &seller).await, described_ticket(&seller).await);
    let locations = async |path: &str| -> Vec<String> {
        let file = read(&pages, &seller, path).await.html;
        let found = file.split("<loc>").skip(1).map(|rest| rest.split_once("</loc>").expect("an end").0);
        found.map(|whole| whole.strip_prefix(&pages.address).expect("ours").to_owned()).collect()
    };
    assert_eq!(locations("/sitemap.xml").await, ["/sitemaps/1.xml"]);
    let told = locations("/sitemaps/1.xml").await;
    let (slug, first, second) = (&event.slug, described.id, ticket.id);
    let expected = [
        "/".to_owned(),
        "/help".to_owned(),
        format!("/e/{slug}"),
        format!("/tickets/{first}"),
        format!("/tickets/{second}"),
    ];
    assert_eq!(told, expected);
    for path in told {
        let page = read(&pages, &seller, &path).await.html;
        assert!(page.contains(&format!(r#"<link rel="canonical" href="{}{path}">"#, pages.address)), "{path}: {page}");
        assert!(!page.contains("noindex"), "{path}");
    }
    let robots = read(&pages, &seller, "/robots.txt").await.html;
    assert!(robots.ends_with(&format!("\nSitemap: {}/sitemap.xml\n", pages.address)), "{robots}");
    world.end().await;
}
