//! What search engines are asked to leave out, by the Robots Exclusion Protocol (RFC 9309).

use axum::response::{IntoResponse, Response};
use http::header;

use crate::visitor::Visitor;

/// Only somebody who is signed in, or follows a link that was sent to them, has business there; or they are forms, or
/// lists of what is in the sitemap.
const LEFT_OUT: &[&str] = &[
    "/account",
    "/api/",
    "/confirm",
    "/door/",
    "/erased",
    "/events/new",
    "/forgotten",
    "/listings",
    "/orders",
    "/reset",
    "/sell",
    "/signin",
    "/signout",
    "/signup",
    "/tickets/*/buy",
    "/tickets/*/delivery",
    "/tickets/*/edit",
    "/tickets/*/withdraw",
    "/?",
];
/// The description of the API is for everybody.
const LET_IN: &str = "/api/docs";
const HOUR: &str = "public, max-age=3600";

pub(crate) async fn show(visitor: Visitor) -> Response {
    let mut lines = vec!["User-agent: *".to_owned(), format!("Allow: {LET_IN}")];
    lines.extend(LEFT_OUT.iter().map(|path| format!("Disallow: {path}")));
    lines.extend(visitor.address("/sitemap.xml").map(|address| format!("\nSitemap: {address}")));
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, HOUR)];
    (headers, lines.join("\n") + "\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Site;
    use crate::tests::every_route::{everything, paths};

    /// Whether the line of the file is about this path.
    fn matches(line: &str, path: &str) -> bool {
        match line.split_once('*') {
            Some((before, after)) => path.starts_with(before) && path.contains(after),
            None => path.starts_with(line),
        }
    }

    #[tokio::test]
    async fn the_sitemap_is_named_where_the_sites_address_is_known() {
        let reply = Site::answering([]).await.get("/robots.txt").await;
        assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), HOUR);
        assert!(reply.body.starts_with("User-agent: *\nAllow: /api/docs\nDisallow: /account\n"), "{}", reply.body);
        assert!(reply.body.ends_with("\n\nSitemap: https://tickets.example.com/sitemap.xml\n"), "{}", reply.body);
        Site::without_address([]).await.get("/robots.txt").await.assert_lacks("Sitemap");
    }

    #[tokio::test]
    async fn every_page_is_either_left_out_or_for_search_engines() {
        let site = Site::answering(everything()).await;
        let robots = site.get("/robots.txt").await.body;
        let lines: Vec<_> = robots.lines().filter_map(|line| line.strip_prefix("Disallow: ")).collect();
        assert_eq!(lines, LEFT_OUT);
        let mut found = Vec::new();
        for path in paths("get") {
            let page = site.get(&path).await;
            let is_left_out = lines.iter().any(|line| matches(line, &path));
            let is_page = page.header("content-type").starts_with("text/html");
            let is_indexed = is_page && !page.body.contains(r#"<meta name="robots" content="noindex">"#);
            assert!(!(is_left_out && is_indexed), "{path}");
            assert!(is_left_out || page.status == 200, "{path}: {}", page.status);
            if is_indexed {
                found.push(path);
            }
        }
        found.sort_unstable();
        assert_eq!(found, ["/", "/e/gala", "/help", "/tickets/692199c0bcf86cd7994390bb"]);
    }
}
