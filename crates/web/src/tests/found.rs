//! What search engines, and those who are sent a link, are told of a page.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::every_route::{everything, paths};
use crate::pages::order::testing::ORDER;
use crate::testing::{self, CannedResponse, Reply, Site, with};

const SITE: &str = "https://tickets.example.com";
const EVENT: &str = "GET /api/events/gala";
const TICKET: &str = "GET /api/tickets/692199c0bcf86cd7994390bb";
/// Would end the script that it is in, or a line of it.
const NAME: &str = "</script><img src=x>\u{2028}& \"Gala\"";

fn event(change: Value) -> CannedResponse {
    let venue = json!({"name": "Große Halle", "city": "Berlin", "country": "Germany"});
    let named = json!({"id": ORDER, "name": NAME, "venue": venue, "ticketCount": 2, "fromPrice": 75});
    (EVENT, 200, with(testing::event(named), change))
}

fn ticket(change: Value) -> CannedResponse {
    let ticket = json!({
        "id": ORDER, "title": NAME, "price": 20.5, "currency": "usd", "userId": "5f1f77bcf86cd799439011cc",
        "version": 0, "event": "Hamilton", "venue": "Richard Rodgers Theatre", "timeZone": "America/New_York",
        "startsAt": "2027-03-14T19:30:00.000Z",
    });
    (TICKET, 200, with(ticket, change))
}

/// The page's structured data.
fn data(page: &Reply) -> Option<Value> {
    let (_, rest) = page.body.split_once(r#"<script type="application/ld+json">"#)?;
    let (json, _) = rest.split_once("</script>").expect("an end");
    assert!(!json.contains(['<', '>', '&', '\u{2028}']), "{json}");
    Some(serde_json::from_str(json).expect("JSON"))
}

async fn of_event(change: Value) -> Reply {
    Site::answering([event(change), ("GET /api/tickets", 200, json!([]))]).await.get("/e/gala").await
}

async fn of_ticket(change: Value) -> Reply {
    Site::answering([ticket(change)]).await.get(&format!("/tickets/{ORDER}")).await
}

#[tokio::test]
async fn an_event_is_described_with_all_its_tickets() {
    let page = of_event(json!({})).await;
    let expected = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": NAME,
        "startDate": "2027-06-12T19:30:00+02:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Große Halle",
            "address": {"@type": "PostalAddress", "addressLocality": "Berlin", "addressCountry": "Germany"},
        },
        "url": format!("{SITE}/e/gala"),
        "offers": {
            "@type": "AggregateOffer",
            "lowPrice": "75.00",
            "priceCurrency": "EUR",
            "availability": "https://schema.org/InStock",
            "offerCount": 2,
            "url": format!("{SITE}/e/gala"),
        },
    });
    assert_eq!(data(&page), Some(expected));
    assert!(!page.header("content-security-policy").contains("unsafe"));
    let known = data(&of_event(json!({"ticketCount": 100})).await).expect("data");
    assert_eq!(known["offers"]["offerCount"], Value::Null, "there may be more");
    let none = data(&of_event(json!({"ticketCount": 0, "fromPrice": null})).await).expect("data");
    assert_eq!(none["offers"], Value::Null);
    for (status, expected) in [("moved", "EventRescheduled"), ("cancelled", "EventCancelled")] {
        let data = data(&of_event(json!({"status": status})).await).expect("data");
        assert_eq!(data["eventStatus"], format!("https://schema.org/{expected}"));
        assert_eq!(data["offers"].is_object(), status == "moved");
    }
}

#[tokio::test]
async fn a_ticket_is_an_offer_of_its_event() {
    let expected = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "Hamilton",
        "startDate": "2027-03-14T15:30:00-04:00",
        "location": {"@type": "Place", "name": "Richard Rodgers Theatre"},
        "offers": {
            "@type": "Offer",
            "name": NAME,
            "price": "20.50",
            "priceCurrency": "USD",
            "availability": "https://schema.org/InStock",
            "url": format!("{SITE}/tickets/{ORDER}"),
        },
    });
    assert_eq!(data(&of_ticket(json!({})).await), Some(expected));
    let known = data(&of_ticket(json!({"eventId": ORDER})).await).expect("data");
    assert_eq!(known["url"], format!("{SITE}/e/{ORDER}"));
    assert_eq!(known["location"]["address"], "Richard Rodgers Theatre");
    let locked = data(&of_ticket(json!({"orderId": ORDER})).await).expect("data");
    assert_eq!(locked["offers"]["availability"], "https://schema.org/OutOfStock");
    let unzoned = data(&of_ticket(json!({"timeZone": null})).await).expect("data");
    assert_eq!(unzoned["startDate"], "2027-03-14T19:30:00.000Z");
    for missing in ["event", "venue", "startsAt"] {
        assert_eq!(data(&of_ticket(json!({missing: null})).await), None, "{missing}");
    }
}

#[tokio::test]
async fn what_cannot_be_bought_any_more_is_left_out() {
    for change in [
        json!({"sold": true, "orderId": ORDER}),
        json!({"withdrawn": true}),
        json!({"startsAt": "2026-11-22T12:00:00.000Z"}),
    ] {
        let page = of_ticket(change).await;
        page.assert_has(r#"<meta name="robots" content="noindex">"#);
        page.assert_lacks("canonical");
        assert_eq!(data(&page), None);
    }
    for page in ["/", "/?q=gala", "/?sort=price", "/?cursor=x"] {
        let is_left_out = Site::answering(everything()).await.get(page).await.body.contains("noindex");
        assert_eq!(is_left_out, page != "/", "{page}");
    }
}

#[tokio::test]
async fn each_page_has_one_address_and_is_shown_to_those_who_are_sent_it() {
    let site = Site::answering([event(json!({})), ("GET /api/tickets", 200, json!([]))]).await;
    for path in ["/e/gala", "/e/gala?tier=Stalls", "/e/gala?cursor=x"] {
        let page = site.get(path).await;
        page.assert_has(&format!(r#"<link rel="canonical" href="{SITE}/e/gala">"#));
        page.assert_has(&format!(r#"<meta property="og:url" content="{SITE}/e/gala">"#));
        page.assert_has(r#"<meta property="og:site_name" content="Ticketing">"#);
        let name = r#"&lt;/script&gt;&lt;img src=x&gt;"#;
        page.assert_has(&format!(r#"<meta property="og:title" content="{name}"#));
        page.assert_has(&format!(r#"<meta property="og:description" content="Tickets to {name}"#));
        page.assert_has("· Große Halle, Berlin, Germany · from €75.00 · 2 tickets\">");
        page.assert_has(&format!(r#"<meta property="og:image" content="{SITE}/picture.png">"#));
        page.assert_lacks("noindex");
    }
    let page = of_ticket(json!({})).await;
    page.assert_has(&format!(r#"<link rel="canonical" href="{SITE}/tickets/{ORDER}">"#));
    page.assert_has("(New York time) · Richard Rodgers Theatre · $20.50\">");
}

#[tokio::test]
async fn where_the_sites_address_is_not_known_nothing_names_it() {
    let site = Site::without_address([event(json!({})), ("GET /api/tickets", 200, json!([]))]).await;
    let page = site.get("/e/gala").await;
    page.assert_has("og:title");
    for unknown in ["canonical", "og:url", "og:image", "\"url\""] {
        page.assert_lacks(unknown);
    }
}

#[tokio::test]
async fn what_is_somebodys_own_and_every_error_is_left_out() {
    let site = Site::signed_in(everything()).await;
    let public = ["/", "/help", "/e/gala", "/tickets/692199c0bcf86cd7994390bb"];
    let mut left_out = 0;
    for path in paths("get").into_iter().chain(["/nowhere".to_owned(), "/reset?token=a.b.c".to_owned()]) {
        let page = site.get(&path).await;
        if page.header("content-type").starts_with("text/html") {
            let is_left_out = page.body.contains(r#"<meta name="robots" content="noindex">"#);
            assert_eq!(is_left_out, !public.contains(&path.as_str()), "{path}");
            assert_eq!(page.body.contains("og:title"), !is_left_out, "{path}");
            left_out += usize::from(is_left_out);
        }
    }
    assert!(left_out > 12, "{left_out}");
}

#[tokio::test]
async fn the_picture_beside_a_link_is_one() {
    let request = Request::get("/picture.png").body(Body::empty()).expect("a request");
    let response = Site::answering([]).await.pages().oneshot(request).await.expect("answers");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (200, &"image/png".parse().expect("text"))
    );
    let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    assert!(body.starts_with(b"\x89PNG\r\n\x1a\n") && body.len() < 16 * 1024, "{}", body.len());
}
