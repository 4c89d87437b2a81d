use serde_json::{Value, json};

use crate::testing::{Site, USER};

fn ticket(id: &str, title: &str) -> Value {
    json!({"id": id, "title": title, "price": 20.5, "currency": "usd", "userId": USER, "version": 3})
}

async fn selling(tickets: Value) -> Site {
    Site::answering([("GET /api/tickets", 200, tickets)]).await
}

const ID: &str = "5f1f77bcf86cd799439011aa";

#[tokio::test]
async fn a_card_shows_all_that_is_known_and_leads_to_the_ticket() {
    let mut known = ticket(ID, "Two together");
    let details = [("event", "Hamilton"), ("venue", "Palace"), ("startsAt", "2027-03-14T19:30:00.000Z")];
    for (name, value) in details.into_iter().chain([("section", "Stalls"), ("row", "C"), ("seat", "12")]) {
        known[name] = json!(value);
    }
    let page = selling(json!([known])).await.get("/").await;
    assert_eq!(page.status, 200);
    page.assert_has(&format!(r#"<li class="card" data-ticket-id="{ID}" data-version="3" data-state="for-sale">"#));
    page.assert_has(&format!(r#"<a href="/tickets/{ID}" data-part="title" dir="auto">Two together</a>"#));
    for shown in [
        "Hamilton",
        "Palace",
        "$20.50",
        "Section <bdi>Stalls</bdi> · Row <bdi>C</bdi> · Seat <bdi>12</bdi>",
        "1 ticket<",
    ] {
        page.assert_has(shown);
    }
    page.assert_has(r#"<time datetime="2027-03-14T19:30:00.000Z" data-moment="day">"#);
}

#[tokio::test]
async fn a_card_does_not_repeat_what_its_title_says() {
    let mut known = ticket(ID, "Hamilton, row C, seat 12");
    for (name, value) in [("event", "Hamilton"), ("row", "C"), ("seat", "12")] {
        known[name] = json!(value);
    }
    let page = selling(json!([known.clone()])).await.get("/").await;
    page.assert_has("Hamilton, row C, seat 12</a>");
    page.assert_lacks(r#"class="overline""#);
    page.assert_lacks("<bdi>12</bdi>");
    known["seat"] = json!("13");
    selling(json!([known])).await.get("/").await.assert_has("<bdi>13</bdi>");
}

#[tokio::test]
async fn a_card_without_details_has_nothing_empty() {
    let page = selling(json!([ticket(ID, "Just a ticket"), ticket(USER, "Another")])).await.get("/").await;
    page.assert_has("2 tickets<");
    page.assert_lacks("<time");
    page.assert_lacks(r#"<p class="meta"></p>"#);
}

#[tokio::test]
async fn titles_are_text_whatever_they_say() {
    let page = selling(json!([ticket(ID, "<script>alert(1)</script>")])).await.get("/?q=%22%3E%3Cimg%3E").await;
    page.assert_has("&lt;script&gt;alert(1)&lt;/script&gt;");
    page.assert_has(r#"value="&quot;&gt;&lt;img&gt;""#);
    page.assert_lacks("<script>alert");
    page.assert_lacks("<img>");
}

#[tokio::test]
async fn an_empty_marketplace_and_an_empty_search_differ_and_link_onwards() {
    let site = selling(json!([])).await;
    let empty = site.get("/?sort=price").await;
    empty.assert_has("<h2>No tickets yet</h2>");
    empty.assert_has(r#"<a class="button primary" href="/sell">"#);
    empty.assert_lacks("Nothing matches");
    let nothing = site.get("/?q=hamilton").await;
    nothing.assert_has("<h2>Nothing matches your search</h2>");
    nothing.assert_has(r#"<a class="button" href="/">Clear the search</a>"#);
    nothing.assert_lacks("No tickets yet");
}

#[tokio::test]
async fn what_only_comes_near_is_said_to() {
    let site = selling(json!([ticket(ID, "Hamilton")])).await;
    let found = site.get("/?q=Hamilton").await;
    found.assert_lacks("Nothing for");
    let near = site.with_header("search-result", "near").get("/?q=Hamilton+%3Con+ice%3E").await;
    near.assert_has("<h2>Nothing for “Hamilton &lt;on ice&gt;”</h2><p>These tickets come near it:</p>");
    near.assert_has("Hamilton");
    near.assert_lacks("1 ticket<");
}

#[tokio::test]
async fn the_search_is_asked_of_the_api_and_stays_in_the_form() {
    let site = selling(json!([])).await;
    let page = site.get("/?q=a+b&from=2026-11-22&to=&min=0&max=99.5&sort=-price&utc_offset=60").await;
    let query = "q=a+b&near=true&sort=-price&limit=24&maxPrice=99.5&fromDay=2026-11-22";
    assert_eq!(site.calls(), [format!("GET /api/tickets?{query}")]);
    for kept in [r#"value="a b""#, r#"value="2026-11-22""#, r#"value="99.5""#] {
        page.assert_has(kept);
    }
    page.assert_has(r#"<option value="-price" selected>"#);
}

#[tokio::test]
async fn invalid_filters_are_reported_at_their_fields_without_calling_the_api() {
    let site = selling(json!([])).await;
    let page = site.get("/?max=cheap").await;
    assert_eq!(page.status, 400);
    page.assert_has(r##"<a href="#max">Price must be a number like 20.50</a>"##);
    page.assert_has(r#"<p class="field-error" id="max-error">"#);
    page.assert_lacks("Nothing matches");
    assert_eq!(site.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn errors_of_the_api_are_shown_in_its_words() {
    let long = json!({"errors": [{"message": "q must be at most 200 characters", "field": "q"}]});
    let page = Site::answering([("GET /api/tickets", 400, long)]).await.get("/?q=long").await;
    assert_eq!(page.status, 400);
    page.assert_has(r##"<a href="#q">q must be at most 200 characters</a>"##);
}

#[tokio::test]
async fn who_searches_too_much_reads_why_and_keeps_the_search() {
    let words = "Too many searches from your network at once, please try again in a moment";
    for (status, code) in [(429, "too_many_searches"), (503, "over_budget")] {
        let refused = json!({"errors": [{"code": code, "message": words}]});
        let site = Site::answering([("GET /api/tickets", status, refused)]).await.with_header("retry-after", "2");
        let page = site.get("/?q=concert").await;
        assert_eq!((page.status, page.header("retry-after")), (status, "2"));
        page.assert_has(words);
        page.assert_has(r#"value="concert""#);
    }
}

#[tokio::test]
async fn a_place_in_another_list_leads_to_the_beginning_of_this_one() {
    let wrong = json!({"errors": [{"message": "cursor must be one", "field": "cursor"}]});
    let site = Site::answering([("GET /api/tickets", 400, wrong)]).await;
    let reply = site.get("/?q=a&cursor=old").await;
    assert_eq!((reply.status, reply.location()), (303, "/?q=a"));
}

#[tokio::test]
async fn a_later_page_leads_back_to_the_first() {
    let page = selling(json!([ticket(ID, "Last")])).await.get("/?q=last&cursor=x").await;
    page.assert_has("1 more ticket<");
    page.assert_has(r#"<a class="button" href="/?q=last">Back to the first tickets</a>"#);
}

#[tokio::test]
async fn there_is_a_link_to_more_of_the_same_search_while_there_is_more() {
    let site = selling(json!([ticket(ID, "First"), ticket(USER, "Second")])).await;
    site.get("/?q=a+b").await.assert_lacks("Load more");
    let site = site.with_header("link", r#"</api/tickets?limit=24&cursor=n%2B1>; rel="next""#);
    let page = site.get("/?q=a+b&cursor=").await;
    page.assert_has("2 tickets shown, and there are more<");
    page.assert_has(r#"<a class="button" href="/?q=a+b&amp;cursor=n%2B1" data-more>Load more</a>"#);
}
