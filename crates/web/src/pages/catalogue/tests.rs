use serde_json::{Value, json};

use crate::testing::{CannedResponse, EVENT, GET_EVENT, Site, USER, event, with};

fn ticket(id: &str, title: &str) -> Value {
    json!({"id": id, "title": title, "price": 20.5, "currency": "usd", "userId": USER, "version": 3})
}

async fn selling(tickets: Value) -> Site {
    Site::answering([("GET /api/tickets", 200, tickets)]).await
}

const ID: &str = "5f1f77bcf86cd799439011aa";
const CURRENCIES: &str = "GET /api/tickets/currencies";

/// The catalogue of tickets in several currencies.
async fn selling_in(currencies: Value) -> Site {
    Site::answering([(CURRENCIES, 200, currencies), ("GET /api/tickets", 200, json!([ticket(ID, "Row A")]))]).await
}

#[tokio::test]
async fn prices_are_compared_in_one_currency_and_the_page_says_in_which() {
    let site = selling_in(json!(["eur", "nok"])).await;
    let page = site.get("/?sort=price").await;
    page.assert_has("Only tickets in EUR are compared.");
    let options = r#"<option value="">Any</option><option value="eur">EUR</option><option value="nok">NOK</option>"#;
    page.assert_has(&format!(
        r#"<label for="currency">Currency</label><select id="currency" name="currency">{options}"#
    ));
    page.assert_has("data-narrowed");
    let page = site.get("/?max=500&currency=nok").await;
    page.assert_has("Only tickets in NOK are compared.");
    page.assert_has(r#"<option value="nok" selected>NOK</option>"#);
    let all = site.get("/?sort=date").await;
    all.assert_lacks("are compared");
    let in_kroner = site.get("/?currency=nok").await;
    in_kroner.assert_lacks("are compared");
    in_kroner.assert_has(r#"<details class="filters" open>"#);
    let lists: Vec<_> = site.calls().into_iter().filter(|call| *call != CURRENCIES).collect();
    let asked = ["sort=price&limit=24&currency=eur", "sort=newest&limit=24&maxPrice=500&currency=nok"];
    let plain = ["sort=date&limit=24", "sort=newest&limit=24&currency=nok"];
    assert_eq!(
        lists,
        [asked, plain].concat().into_iter().map(|query| format!("GET /api/tickets?{query}")).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn a_link_leads_to_the_tickets_of_one_event_at_one_venue_and_no_others() {
    let site = selling(json!([ticket(ID, "Row A")])).await;
    let page = site.get("/?event=A+vs+B&venue=%3CDome%3E&sort=date").await;
    assert_eq!(site.calls()[1], "GET /api/tickets?sort=date&limit=24&venue=%3CDome%3E&event=A+vs+B");
    page.assert_has("Only tickets for <bdi>A vs B</bdi> · <bdi>&lt;Dome&gt;</bdi> – <a href=\"/?sort=date\">Show all others, too</a>");
    // What is searched for now is searched for among them.
    page.assert_has(r#"<input type="hidden" name="event" value="A vs B">"#);
    page.assert_has(r#"<input type="hidden" name="venue" value="&lt;Dome&gt;">"#);
    site.get("/?event=+&venue=").await.assert_lacks("Only tickets for");
}

/// Three tickets, of which the first and the last are to one event.
fn two_of_three() -> Value {
    let mut tickets = [ticket(ID, "Row A"), ticket(USER, "Between"), ticket("5f1f77bcf86cd799439011ab", "Row B")];
    for number in [0, 2] {
        (tickets[number]["eventId"], tickets[number]["event"]) = (json!(EVENT), json!("Gala"));
    }
    json!(tickets)
}

fn gala(numbers: Value) -> CannedResponse {
    let venue = json!({"name": "Große Halle", "city": "Berlin", "country": "Germany"});
    let named = event(json!({"slug": "gala-berlin", "name": "Gala <2027>", "venue": venue}));
    (GET_EVENT, 200, with(named, numbers))
}

#[tokio::test]
async fn several_tickets_to_an_event_are_one_card_that_leads_to_it() {
    let listed = ("GET /api/tickets", 200, two_of_three());
    let site = Site::answering([listed.clone(), gala(json!({"ticketCount": 6, "fromPrice": 75}))]).await;
    let page = site.get("/?q=gala").await;
    page.assert_has(r#"<a href="/e/gala-berlin" dir="auto">Gala &lt;2027&gt;</a>"#);
    page.assert_has("<bdi>Große Halle</bdi>, <bdi>Berlin</bdi>");
    page.assert_has(r#"<span data-part="numbers">from €75.00 · 6 tickets</span>"#);
    assert_eq!((page.body.matches("data-event-id").count(), page.body.matches("data-ticket-id").count()), (1, 1));
    assert!(page.body.find("Gala &lt;") < page.body.find(">Between<"), "it is where its first ticket was");
    page.assert_lacks("Row A");
    page.assert_has(r#"data-number="3">3 tickets<"#);
    // What the event says of all its tickets is not true of those below a price.
    let page = site.get("/?max=80").await;
    assert_eq!(page.body.matches("data-ticket-id").count(), 3);
    page.assert_has(&format!(r#"data-to-event="{EVENT}""#));
}

#[tokio::test]
async fn tickets_are_shown_by_themselves_where_their_event_tells_nothing() {
    let listed = ("GET /api/tickets", 200, two_of_three());
    for event in [None, Some(gala(json!({"ticketCount": 0})))] {
        let site = Site::answering([vec![listed.clone()], event.into_iter().collect()].concat()).await;
        let page = site.get("/").await;
        assert_eq!((page.status, page.body.matches("data-ticket-id").count()), (200, 3));
    }
    let mut alone = two_of_three();
    alone.as_array_mut().expect("a list").pop();
    let site = selling(alone).await;
    site.get("/").await.assert_has("Row A");
    assert_eq!(site.calls().len(), 2, "nothing is asked of an event with one ticket here");
}

#[tokio::test]
async fn nobody_chooses_a_currency_where_there_is_one() {
    let site = selling_in(json!(["pln"])).await;
    let page = site.get("/?sort=-price").await;
    page.assert_lacks(r#"id="currency""#);
    page.assert_lacks("are compared");
    assert_eq!(site.calls()[1], "GET /api/tickets?sort=-price&limit=24&currency=pln");
    // What a link asks for can be seen, and be taken back.
    let page = site.get("/?sort=price&currency=eur").await;
    page.assert_has(r#"<option value="eur" selected>EUR</option><option value="pln">PLN</option>"#);
    page.assert_has("Only tickets in EUR are compared.");
}

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
    let query = "q=a+b&near=true&sort=-price&limit=24&maxPrice=99.5&fromDay=2026-11-22&currency=usd";
    assert_eq!(site.calls(), [CURRENCIES.to_owned(), format!("GET /api/tickets?{query}")]);
    for kept in [r#"value="a b""#, r#"value="2026-11-22""#, r#"value="99.5""#] {
        page.assert_has(kept);
    }
    page.assert_has(r#"<option value="-price" selected>"#);
}

#[tokio::test]
async fn invalid_filters_are_reported_at_their_fields_without_asking_for_tickets() {
    let site = selling(json!([])).await;
    let page = site.get("/?max=cheap").await;
    assert_eq!(page.status, 400);
    page.assert_has(r##"<a href="#max">Price must be a number like 20.50</a>"##);
    page.assert_has(r#"<p class="field-error" id="max-error">"#);
    page.assert_lacks("Nothing matches");
    assert_eq!(site.calls(), [CURRENCIES]);
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
