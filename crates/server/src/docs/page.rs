use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{DOCUMENT, EVENTS};

const STYLE: &str = include_str!("page.css");

/// What one has to know before the list of operations is of use. Each is a heading, words, and what to type.
const STEPS: [(&str, &str, &str); 4] = [
    (
        "Make an account",
        "Who has signed up is signed in: the session is in a cookie.",
        r#"SITE=http://localhost:3000
curl -c cookies -H 'content-type: application/json' $SITE/api/users/signup \
  -d '{"email": "ada@example.com", "password": "lantern by the quay"}'"#,
    ),
    (
        "List a ticket",
        "A title and a price are enough. With an Idempotency-Key it is listed once, however often you send it.",
        r#"curl -b cookies -H 'content-type: application/json' -H 'idempotency-key: 1' $SITE/api/tickets \
  -d '{"title": "Row F, seat 101", "price": 119.5, "currency": "eur"}'"#,
    ),
    (
        "Find one",
        "Lists come in pages; the Link header says where the next one is.",
        r#"curl -i "$SITE/api/tickets?q=row&sort=price&limit=20""#,
    ),
    (
        "Buy it, as somebody else",
        "An order keeps the ticket for a while. Without a Stripe account, its test cards pay for it.",
        r#"curl -b others-cookies -H 'content-type: application/json' $SITE/api/orders -d '{"ticketId": "…"}'
curl -b others-cookies -H 'content-type: application/json' $SITE/api/payments \
  -d '{"orderId": "…", "token": "tok_visa"}'"#,
    ),
];

/// The page that browses the description.
pub(super) fn page() -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Ticketing for developers" }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="description" content="The HTTP API of the ticket marketplace: how to begin, and every operation.";
                link rel="stylesheet" href="swagger-ui.css";
                style { (PreEscaped(STYLE)) }
            }
            body {
                header.brand { a href="/" { "Ticketing" } span { "for developers" } }
                main {
                    h1 { "The API" }
                    (getting_started())
                    h2 #operations { "Every operation" }
                    div #swagger-ui { noscript { p { "The list is drawn by a script. The " a href=(DOCUMENT) { "document" } " says the same." } } }
                }
                script src="swagger-ui-bundle.js" {}
                script src="swagger-ui-standalone-preset.js" {}
                script src="swagger-initializer.js" {}
            }
        }
    }
}

fn getting_started() -> Markup {
    html! {
        section.start aria-labelledby="start" {
            h2 #start { "Getting started" }
            ol {
                @for (heading, words, typed) in STEPS {
                    li { h3 { (heading) } p { (words) } pre tabindex="0" { code { (typed) } } }
                }
            }
            ul {
                li { "Errors are always " code { "{\"errors\": [{\"code\", \"message\", \"field\"?}]}" } ". Go by the code: the words may change." }
                li { "Every POST takes an " code { "Idempotency-Key" } " of 1 to 255 visible ASCII characters and acts once under it; those below " code { "/api/users" } " answer with sessions, and act each time." }
                li { "429 and 503 say in " code { "Retry-After" } " when to try again." }
                li { code { "GET /api/tickets/live" } " tells what happens to tickets, as server-sent events." }
                li { "For programs: the " a href=(DOCUMENT) { "OpenAPI document" } ", and the " a href=(EVENTS) { "AsyncAPI document" } " of the events on the bus." }
            }
        }
    }
}
