//! What holds for the HTML of every page.

use serde_json::json;

use super::every_route::{everything, paths};
use crate::pages::order::testing::{self as order, ORDER};
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
            assert!(rest.starts_with("<legend"), "{name}: {fieldset}");
        }
    }
}

#[tokio::test]
async fn every_page_is_described_and_says_in_its_title_that_it_is_an_error() {
    for (name, page) in pages().await {
        let description = match name.as_str() {
            "/e/gala" => "Tickets to Gala · Sat, Jun 12, 2027",
            "/tickets/692199c0bcf86cd7994390bb" => "Row A · $20.50\"",
            _ => "Buy tickets",
        };
        assert!(page.body.contains(&format!(r#"<meta name="description" content="{description}"#)), "{name}");
        let is_error = page.status >= 400;
        assert_eq!(page.body.contains("<title>Error: "), is_error, "{name}: {}", page.status);
    }
}

#[tokio::test]
async fn scripts_are_loaded_at_once_with_what_they_import() {
    let mut importing = 0;
    for (name, page) in pages().await {
        let scripts: Vec<_> = elements(&page.body, "script").filter(|(tag, _)| tag.contains("module")).collect();
        let preloads: Vec<_> = elements(&page.body, "link").filter(|(tag, _)| tag.contains("modulepreload")).collect();
        let catalogue = scripts.iter().any(|(tag, _)| tag.contains("/catalogue.js"));
        if catalogue {
            for import in ["format.js", "live.js", "swap.js"] {
                assert!(preloads.iter().any(|(tag, _)| tag.ends_with(&format!(r#"/{import}""#))), "{name}: {import}");
            }
        }
        importing += usize::from(!preloads.is_empty());
    }
    assert!(importing > 5, "{importing}");
}

#[tokio::test]
async fn a_form_that_is_sent_too_often_keeps_what_was_typed() {
    let often = json!({"errors": [{"message": "Too many attempts, please try again later"}]});
    let ticket = json!({"id": ORDER, "title": "Row A", "price": 20, "userId": crate::testing::USER, "version": 0});
    for (call, path, signed_in, typed) in [
        (
            "POST /api/tickets",
            "/sell".to_owned(),
            true,
            vec![("title", "Row <B>"), ("price", "20,50"), ("venue", "Hall")],
        ),
        (
            "PUT /api/tickets/692199c0bcf86cd7994390bb",
            format!("/tickets/{ORDER}/edit"),
            true,
            vec![("title", "Row <B>"), ("price", "20,50"), ("seat", "12")],
        ),
        ("POST /api/users/signup", "/signup".to_owned(), false, vec![("email", "ada@example.com"), ("password", "x")]),
        ("POST /api/users/signin", "/signin".to_owned(), false, vec![("email", "ada@example.com"), ("password", "x")]),
        ("POST /api/users/reset-request", "/forgotten".to_owned(), false, vec![("email", "ada@example.com")]),
    ] {
        let shown = ("GET /api/tickets/692199c0bcf86cd7994390bb", 200, ticket.clone());
        let answers = [(call, 429, often.clone()), shown];
        let site = if signed_in { Site::signed_in(answers).await } else { Site::answering(answers).await };
        let site = site.with_header("retry-after", "40");
        let page = site.post(&path, &typed).await;
        assert_eq!((page.status, page.header("retry-after")), (429, "40"), "{path}");
        page.assert_has("<h2>Please wait a moment</h2>");
        page.assert_has("Try again in 40 seconds");
        page.assert_has("<title>Error: ");
        for (field, value) in typed.iter().filter(|(field, _)| *field != "password") {
            let value = value.replace('<', "&lt;").replace('>', "&gt;");
            let input = elements(&page.body, "input").find(|(tag, _)| tag.contains(&format!(r#"name="{field}""#)));
            let (input, _) = input.unwrap_or_else(|| panic!("{path} without {field}: {}", page.body));
            assert!(page.body.contains(&format!(r#"value="{value}""#)), "{path}: {input}");
        }
    }
}
