//! What holds for the HTML of every page.

use serde_json::json;

use super::every_route::{everything, paths};
use crate::assets::imports;
use crate::pages::order::testing as order;
use crate::testing::{Reply, Site};

/// Every page that is read, and the checkout, with the status that it has.
async fn pages() -> Vec<(String, Reply)> {
    let site = Site::signed_in(everything()).await;
    let stranger = Site::answering(everything()).await;
    let checkout = Site::signed_in([(order::GET_ORDER, 200, order::created()), order::test_cards()]).await;
    let mut pages = vec![
        ("checkout".to_owned(), checkout.get(order::PLACE).await),
        ("sign-in".to_owned(), stranger.get("/signin").await),
        ("sign-up".to_owned(), stranger.get("/signup").await),
        ("reset".to_owned(), stranger.get("/reset?token=a.b.c").await),
        ("nowhere".to_owned(), site.get("/nowhere").await),
        ("not understood".to_owned(), site.get("/?min=cheap").await),
    ];
    let begun = json!({"ceremony": "c1", "options": {"publicKey": {"challenge": "AAAA"}}});
    let more = json!({"errors": [{"code": "second_factor_required", "message": "More"}], "secondFactor": begun});
    let half_way = Site::answering([("POST /api/users/signin", 401, more)]).await;
    pages.push(("half way".to_owned(), half_way.post("/signin", &[("email", "a@b.c"), ("password", "x")]).await));
    let codes =
        Site::signed_in([("POST /api/users/second-factor", 200, json!({"recoveryCodes": ["0123-4567"]}))]).await;
    let wanted = [("password", "x"), ("act", "on")];
    pages.push(("codes".to_owned(), codes.post("/account/second-factor", &wanted).await));
    let away = Site::answering([("POST /api/users/signin", 503, json!({"errors": [{"message": "away"}]}))]).await;
    pages.push(("away".to_owned(), away.post("/signin", &[("email", "a@b.c"), ("password", "x")]).await));
    for path in paths("get") {
        let page = site.get(&path).await;
        pages.push((path, page));
    }
    pages.retain(|(_, page)| page.header("content-type").starts_with("text/html"));
    assert!(pages.len() > 15, "{}", pages.len());
    pages
}

/// The start tags of an element, each with what follows it.
fn elements<'a>(page: &'a str, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let start = format!("<{name}");
    let found: Vec<_> = page.match_indices(&start).map(|(at, _)| &page[at..]).collect();
    let whole = found.into_iter().filter(move |rest| rest[start.len()..].starts_with([' ', '>']));
    whole.filter_map(|rest| rest.split_once('>'))
}

#[tokio::test]
async fn forms_are_what_validators_and_readers_expect() {
    for (name, page) in pages().await {
        for (input, _) in elements(&page.body, "input").filter(|(input, _)| input.contains(r#"type="hidden""#)) {
            assert!(!input.contains("autocomplete"), "{name}: {input}");
        }
        for (select, rest) in elements(&page.body, "select").filter(|(select, _)| select.contains(" required")) {
            assert!(rest.starts_with(r#"<option value="""#), "{name}: {select}");
        }
        for (fieldset, rest) in elements(&page.body, "fieldset") {
            let legend = rest.strip_prefix("<legend").and_then(|legend| legend.split_once('>'));
            let words = legend.and_then(|(_, words)| words.split_once("</legend>")).map(|(words, _)| words.trim());
            assert!(words.is_some_and(|words| !words.is_empty()), "{name}: {fieldset}");
        }
    }
}

#[tokio::test]
async fn every_page_is_described_and_says_in_its_title_that_it_is_an_error() {
    for (name, page) in pages().await {
        let described = elements(&page.body, "meta").filter(|(tag, _)| tag.contains(r#"name="description""#));
        let described: Vec<_> = described.filter(|(tag, _)| !tag.contains(r#"content="""#)).collect();
        assert_eq!(described.len(), 1, "{name}");
        let description = match name.as_str() {
            "/help" => "People who have a ticket sell it here to people who want to go.",
            "/e/gala" => "Tickets to Gala · Sat, Jun 12, 2027",
            "/tickets/692199c0bcf86cd7994390bb" => "Row A · $20.50\"",
            _ => "Buy tickets",
        };
        assert!(page.body.contains(&format!(r#"<meta name="description" content="{description}"#)), "{name}");
        let is_error = page.status >= 400;
        assert_eq!(page.body.contains("<title>Error: "), is_error, "{name}: {}", page.status);
    }
}

/// The names of the modules that a page loads, and of those that it has the browser load with them.
fn scripts(page: &Reply) -> (Vec<&str>, Vec<&str>) {
    let names = |element, kind| -> Vec<&str> {
        let tags = elements(&page.body, element).filter(|(tag, _)| tag.contains(kind));
        tags.filter_map(|(tag, _)| tag.trim_end_matches('"').rsplit_once('/').map(|(_, name)| name)).collect()
    };
    (names("script", r#"type="module""#), names("link", r#"rel="modulepreload""#))
}

#[tokio::test]
async fn scripts_are_loaded_at_once_with_what_they_import() {
    let mut importing = 0;
    for (name, page) in pages().await {
        let (scripts, preloaded) = scripts(&page);
        assert!(!scripts.is_empty(), "{name}");
        let imported: Vec<_> = scripts.iter().flat_map(|script| imports(script)).copied().collect();
        assert_eq!(preloaded, imported, "{name}");
        importing += usize::from(!imported.is_empty());
    }
    assert!(importing > 5, "{importing}");
}

#[tokio::test]
async fn every_page_that_follows_what_happens_has_a_line_to_say_that_it_does_not() {
    let mut live = 0;
    for (name, page) in pages().await {
        let (_, preloaded) = scripts(&page);
        let lines: Vec<_> = elements(&page.body, "p").filter(|(tag, _)| tag.contains(" data-live")).collect();
        assert_eq!(lines.len(), usize::from(preloaded.contains(&"live.js")), "{name}");
        for (line, rest) in lines {
            assert!(line.contains(r#"role="status""#) && rest.starts_with("</p>"), "{name}: {line}");
            assert!(
                line.contains(r#"data-away="Not live: "#) && line.contains(r#"data-back="Live again"#),
                "{name}: {line}"
            );
            // Whoever is signed in may be signed out elsewhere while they look.
            let signed_out =
                page.body.matches("<template data-signed-out>You are signed out here. <a href=\"/signin\">");
            assert_eq!(signed_out.count(), 1, "{name}");
            live += 1;
        }
    }
    assert!(live > 6, "{live}");
}
