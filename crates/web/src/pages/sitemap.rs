//! The addresses that search engines are told of (<https://www.sitemaps.org/protocol.html>), which must be whole: where
//! that of the site is not known there are none.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use http::header;
use maud::{Markup, PreEscaped, html};

use crate::error::PageError;
use crate::pages::{event, ticket};
use crate::visitor::Visitor;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
/// The pages beside those of events and tickets.
const PAGES: &[&str] = &["/", "/help"];
const HOUR: &str = "public, max-age=3600";

/// The parts.
pub(crate) async fn index(visitor: Visitor) -> Result<Response, PageError> {
    let site = site(&visitor)?;
    let parts = visitor.api.sitemap().await?.parts;
    Ok(xml(html! {
        sitemapindex xmlns=(NAMESPACE) {
            @for number in 1..=parts { sitemap { loc { (site) "/sitemaps/" (number) ".xml" } } }
        }
    }))
}

/// A part.
pub(crate) async fn part(visitor: Visitor, name: Result<Path<String>, PathRejection>) -> Result<Response, PageError> {
    let site = site(&visitor)?;
    let number = name.ok().and_then(|Path(name)| name.strip_suffix(".xml")?.parse().ok());
    let number: usize = number.ok_or(PageError::NotFound)?;
    let part = visitor.api.sitemap_part(number).await?;
    let pages = PAGES.iter().filter(|_| number == 1).map(|page| (*page).to_owned());
    let events = part.events.iter().map(|slug| event::path(slug));
    let tickets = part.tickets.iter().map(|id| ticket::address(*id));
    Ok(xml(html! {
        urlset xmlns=(NAMESPACE) {
            @for path in pages.chain(events).chain(tickets) { url { loc { (site) (path) } } }
        }
    }))
}

fn site(visitor: &Visitor) -> Result<&str, PageError> {
    visitor.site.as_deref().ok_or(PageError::NotFound)
}

fn xml(root: Markup) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, HOUR)];
    let declaration = PreEscaped(r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    (headers, html! { (declaration) (root) }.into_string()).into_response()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::testing::{CannedResponse, Site};

    const INDEX: CannedResponse = ("GET /api/tickets/sitemap", 200, Value::Null);
    const SITE: &str = "https://tickets.example.com";
    const TICKET: &str = "5f1f77bcf86cd799439011aa";

    fn part(path: &'static str, events: Value, tickets: Value) -> CannedResponse {
        (path, 200, json!({"events": events, "tickets": tickets}))
    }

    #[tokio::test]
    async fn the_index_names_every_part() {
        let site = Site::answering([(INDEX.0, 200, json!({"parts": 3}))]).await;
        let reply = site.get("/sitemap.xml").await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "application/xml; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), "public, max-age=3600");
        let parts: String = (1..=3).map(|n| format!("<sitemap><loc>{SITE}/sitemaps/{n}.xml</loc></sitemap>")).collect();
        let expected = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{parts}</sitemapindex>"#
        );
        assert_eq!(reply.body, expected);
    }

    #[tokio::test]
    async fn the_first_part_begins_with_the_catalogue() {
        let site = Site::answering([
            part("GET /api/tickets/sitemap/1", json!(["gala-berlin-2027-06-12"]), json!([TICKET])),
            part("GET /api/tickets/sitemap/2", json!([]), json!([TICKET])),
        ])
        .await;
        let locations = |body: &str| -> Vec<String> {
            let found = body.split("<url><loc>").skip(1).filter_map(|rest| rest.split_once("</loc></url>"));
            found.map(|(location, _)| location.to_owned()).collect()
        };
        let first = site.get("/sitemaps/1.xml").await;
        assert_eq!((first.status, first.header("content-type")), (200, "application/xml; charset=utf-8"));
        let (event, ticket) = (format!("{SITE}/e/gala-berlin-2027-06-12"), format!("{SITE}/tickets/{TICKET}"));
        assert_eq!(locations(&first.body), [format!("{SITE}/"), format!("{SITE}/help"), event, ticket.clone()]);
        assert_eq!(locations(&site.get("/sitemaps/2.xml").await.body), [ticket]);
        for missing in ["/sitemaps/3.xml", "/sitemaps/1", "/sitemaps/x.xml", "/sitemaps/-1.xml", "/sitemaps/%FF.xml"] {
            assert_eq!(site.get(missing).await.status, 404, "{missing}");
        }
    }

    #[tokio::test]
    async fn without_the_sites_address_there_is_none() {
        let answers = [(INDEX.0, 200, json!({"parts": 1})), part("GET /api/tickets/sitemap/1", json!([]), json!([]))];
        let site = Site::without_address(answers).await;
        for path in ["/sitemap.xml", "/sitemaps/1.xml"] {
            assert_eq!(site.get(path).await.status, 404, "{path}");
        }
        assert_eq!(site.calls(), Vec::<String>::new());
    }

    #[tokio::test]
    async fn a_crawler_that_asks_too_often_is_told_when_to_come_again() {
        let often = json!({"errors": [{"code": "too_many_searches", "message": "Please wait"}]});
        let site = Site::answering([(INDEX.0, 429, often)]).await.with_header("retry-after", "1");
        let reply = site.get("/sitemap.xml").await;
        assert_eq!((reply.status, reply.header("retry-after")), (429, "1"));
    }
}
