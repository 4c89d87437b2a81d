use std::collections::BTreeSet;
use std::time::Duration;

use harness::{Harness, Reply, TestUser};
use serde_json::{Value, json};

use crate::Settings;
use crate::testing::{added, draft, event_draft, listed, order_completed, order_created, path_of, start};

mod prices;

async fn list(app: &Harness, query: &str) -> Reply {
    app.get(&format!("/api/tickets{query}")).send().await
}

fn titles(reply: &Reply) -> Vec<&str> {
    assert_eq!(reply.status, 200, "{:?}", reply.body);
    let tickets = reply.body.as_array().expect("a list");
    tickets.iter().map(|ticket| ticket["title"].as_str().expect("a title")).collect()
}

/// The address in the `Link` header, which must be one of ours.
fn next(reply: &Reply) -> Option<String> {
    let link = reply.headers.get("link")?.to_str().expect("ASCII");
    let address = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).expect("a next link");
    Some(address.strip_prefix("/api/tickets").expect("a relative address").to_owned())
}

/// Lists tickets one millisecond apart.
async fn fill(app: &Harness, seller: &TestUser, bodies: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let mut tickets = Vec::new();
    for body in bodies {
        app.clock.advance(Duration::from_millis(1));
        tickets.push(listed(app, seller, body).await);
    }
    tickets
}

/// Five tickets that differ in everything that can be filtered and sorted by.
async fn varied(app: &Harness) {
    let tickets = [
        json!({"title": "Beyoncé Live", "price": 120, "venue": "Wembley", "startsAt": "2027-06-01T19:00:00Z"}),
        json!({"title": "Opera", "price": 80.5, "currency": "eur", "event": "Cosi fan tutte", "venue": "La Scala"}),
        json!({"title": "Derby", "price": 35, "venue": "WÉMBLEY", "section": "North", "startsAt": "2027-01-01T15:00:00Z"}),
        json!({"title": "Gala", "price": 80.5, "event": "Così fan tutte", "startsAt": "2028-01-01T18:00:00+01:00"}),
        json!({"title": "100% \\d_ \"jazz\" .*", "price": 9.99}),
    ];
    fill(app, &app.user(), tickets).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_holds_what_is_for_sale_newest_first() {
    let app = start().await;
    assert_eq!(list(&app, "").await.body, json!([]));
    let tickets = fill(&app, &app.user(), ["a", "b", "c", "d"].map(|title| draft(title, json!(20)))).await;
    let (locked, sold) = (order_created(&app, &tickets[0]), order_created(&app, &tickets[2]));
    for order in [&locked, &sold] {
        app.publish("orders", order).await;
    }
    app.publish("orders", &order_completed(&sold)).await;
    app.settle().await;
    let reply = list(&app, "").await;
    assert_eq!(titles(&reply), ["d", "b"]);
    assert_eq!(reply.body[0], tickets[3]);
    assert_eq!(reply.headers["content-type"], "application/json");
    assert_eq!(next(&reply), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_shows_in_the_very_next_response() {
    let app = start().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, draft("a", json!(20))).await;
    for round in 0..20 {
        assert_eq!(list(&app, "").await.body[0]["version"], json!(round));
        let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("a", json!(20))).await;
        assert_eq!(edited.status, 200);
    }
    listed(&app, &seller, draft("b", json!(20))).await;
    assert_eq!(list(&app, "").await.body.as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_sorted_as_asked() {
    let app = start().await;
    varied(&app).await;
    let jazz = "100% \\d_ \"jazz\" .*";
    for (sort, expected) in [
        ("newest", [jazz, "Gala", "Derby", "Opera", "Beyoncé Live"]),
        ("oldest", ["Beyoncé Live", "Opera", "Derby", "Gala", jazz]),
        ("date", ["Derby", "Beyoncé Live", "Gala", "Opera", jazz]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?sort={sort}")).await), expected, "{sort}");
    }
    for (sort, expected) in [
        ("price", [jazz, "Derby", "Gala", "Beyoncé Live"]),
        ("-price", ["Beyoncé Live", "Gala", "Derby", jazz]),
        ("price&currency=usd", [jazz, "Derby", "Gala", "Beyoncé Live"]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?sort={sort}")).await), expected, "{sort}");
    }
    assert_eq!(titles(&list(&app, "?sort=price&currency=eur").await), ["Opera"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_is_searched_and_filtered_as_asked() {
    let app = start().await;
    varied(&app).await;
    let jazz = "100% \\d_ \"jazz\" .*";
    for (query, expected) in [
        ("q=BEYONCE", vec!["Beyoncé Live"]),
        ("q=live%20beyonc%C3%A9", vec!["Beyoncé Live"]),
        ("q=wembley", vec!["Beyoncé Live", "Derby"]),
        ("q=wembley+north", vec!["Derby"]),
        ("q=tutte&currency=eur", vec!["Opera"]),
        ("q=tut+co", vec!["Opera", "Gala"]),
        ("q=COS%C3%8D", vec!["Opera", "Gala"]),
        ("q=100%25+jazz", vec![jazz]),
        ("q=%5Cd_", vec![jazz, "Derby"]),
        ("q=.*", vec![]),
        ("q=%22", vec![]),
        ("q=o.era", vec![]),
        ("q=pera", vec![]),
        ("q=nowhere", vec![]),
        ("q=", vec!["Beyoncé Live", "Opera", "Derby", "Gala", jazz]),
        ("venue=w%C3%A8mbley", vec!["Beyoncé Live", "Derby"]),
        ("venue=wemb", vec![]),
        ("event=COSI%20fan%20tutte", vec!["Opera", "Gala"]),
        ("currency=eur", vec!["Opera"]),
        ("minPrice=80.5", vec!["Beyoncé Live", "Gala"]),
        ("minPrice=80.5&currency=eur", vec!["Opera"]),
        ("minPrice=0&maxPrice=35.00", vec!["Derby", jazz]),
        ("minPrice=80.5&maxPrice=80.50", vec!["Gala"]),
        ("minPrice=100&maxPrice=50", vec![]),
        ("from=2027-06-01T21:00:00%2B02:00", vec!["Beyoncé Live", "Gala"]),
        ("to=2027-06-01T19:00:00Z", vec!["Beyoncé Live", "Derby"]),
        ("to=9999-01-01T00:00:00Z", vec!["Beyoncé Live", "Derby", "Gala"]),
        ("from=2027-02-01T00:00:00Z&to=2027-12-31T00:00:00Z&maxPrice=200&q=live", vec!["Beyoncé Live"]),
        ("unknown=1&%24where=1", vec!["Beyoncé Live", "Opera", "Derby", "Gala", jazz]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?sort=oldest&{query}")).await), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_venue_is_found_with_its_city_and_without() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let described = |title: &str, venue: &str| json!({"title": title, "price": 20, "venue": venue});
    let bodies = [
        json!({"title": "Known", "price": 20, "eventId": gala["id"]}),
        described("Plain", "GROßE  Halle"),
        described("With its city", "Große Halle, Berlin"),
        described("Elsewhere", "Große Halle, Hamburg"),
        described("Of another name", "Große Hallen"),
    ];
    fill(&app, &seller, bodies).await;
    for (query, expected) in [
        ("venue=gro%C3%9Fe+halle", vec!["Known", "Plain"]),
        ("venue=Gro%C3%9Fe+Halle,+Berlin", vec!["Known", "With its city"]),
        ("venue=Gro%C3%9Fe+Halle,+Hamburg", vec!["Elsewhere"]),
        ("venue=Berlin", vec![]),
        ("venue=Gro%C3%9Fe", vec![]),
        ("venue=gro%C3%9Fe+halle&currency=eur", vec!["Known"]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?sort=oldest&{query}")).await), expected, "{query}");
    }
    let cheapest = list(&app, "?sort=price&currency=usd&venue=gro%C3%9Fe+halle").await;
    assert_eq!(titles(&cheapest), ["Plain"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_come_before_what_begins_with_them_and_typos_last_whatever_the_order() {
    let app = start().await;
    let tickets = [("Opera", 40), ("Operatic", 10), ("Opera gala", 30), ("Oprea", 5), ("Opera", 20), ("Operas", 15)];
    fill(&app, &app.user(), tickets.map(|(title, price)| draft(title, json!(price)))).await;
    let expected = ["Opera", "Opera gala", "Opera", "Operatic", "Operas", "Oprea"];
    assert_eq!(titles(&list(&app, "?q=opera&sort=price").await), expected);
    let mut address = "?q=opera&sort=price&limit=2".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = list(&app, &address).await;
        assert_eq!(titles(&page).len(), 2, "{address}");
        seen.extend(titles(&page).into_iter().map(str::to_owned));
        let Some(next) = next(&page) else { break };
        address = next;
    }
    assert_eq!(seen, expected);
    assert_eq!(titles(&list(&app, "?q=opera&sort=price&maxPrice=15").await), ["Operatic", "Operas", "Oprea"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn typos_are_forgiven_in_the_words_of_an_edit() {
    let app = start().await;
    let seller = app.user();
    let ticket = listed(&app, &seller, draft("Radiohead", json!(20))).await;
    assert_eq!(titles(&list(&app, "?q=metalica").await), Vec::<&str>::new());
    let edited = app.put(&path_of(&ticket)).by(&seller).json(draft("Metallica", json!(20))).await;
    assert_eq!(edited.status, 200);
    assert_eq!(titles(&list(&app, "?q=metalica").await), ["Metallica"]);
    assert_eq!(titles(&list(&app, "?q=radiohed").await), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_near_is_listed_if_it_is_wanted_and_nothing_has_all_words() {
    let app = start().await;
    let tickets = [("Opera gala Paris", 40), ("Opera gala Wien", 10), ("Derby Wien", 30)];
    fill(&app, &app.user(), tickets.map(|(title, price)| draft(title, json!(price)))).await;
    let found = async |query: &str| {
        let reply = list(&app, &format!("?sort=oldest&{query}")).await;
        let is_near = reply.headers.get("search-result").is_some_and(|result| result == "near");
        (titles(&reply).into_iter().map(str::to_owned).collect::<Vec<_>>().join(", "), is_near)
    };
    for (query, expected, is_near) in [
        ("q=opera+gala+stockholm", "", false),
        ("q=opera+gala+stockholm&near=false", "", false),
        ("q=opera+gala+stockholm&near=true", "Opera gala Paris, Opera gala Wien", true),
        ("q=opera+gala+stockholm&near=true&maxPrice=30", "Opera gala Wien", true),
        ("q=oprea+wien+stockholm&near=true", "Opera gala Wien", true),
        ("q=derby+paris&near=true", "Derby Wien", true),
        ("q=operahouses&near=true&limit=1", "", false),
        ("q=stockholm&near=true", "", false),
        ("q=derby&near=true", "Derby Wien", false),
        ("q=%3F&near=true", "", false),
        ("near=true", "Opera gala Paris, Opera gala Wien, Derby Wien", false),
    ] {
        assert_eq!(found(query).await, (expected.to_owned(), is_near), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn following_the_links_shows_everything_once() {
    let app = start().await;
    let seller = app.user();
    let bodies = (0..25).map(|n| {
        json!({"title": format!("T{n} & co"), "price": 10 + n % 3, "startsAt": if n % 2 == 0 { json!("2027-01-01T00:00:00Z") } else { json!(null) }})
    });
    fill(&app, &seller, bodies).await;
    for sort in ["newest", "oldest", "price", "-price", "date"] {
        let mut address = format!("?q=%26%20co&sort={sort}&limit=4&minPrice=1&page=x%20y");
        let (mut pages, mut seen) = (0, Vec::new());
        loop {
            let reply = list(&app, &address).await;
            seen.extend(titles(&reply).into_iter().map(str::to_owned));
            pages += 1;
            let Some(next) = next(&reply) else { break };
            assert!(next.contains("page=x+y") && next.contains("limit=4"), "{next}");
            address = next;
        }
        assert_eq!((pages, seen.len(), seen.iter().collect::<BTreeSet<_>>().len()), (7, 25, 25), "{sort}");
        let whole = list(&app, &format!("?sort={sort}")).await;
        assert_eq!(titles(&whole), seen, "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_stays_right_while_tickets_come_and_go() {
    let app = start().await;
    let seller = app.user();
    let tickets = fill(&app, &seller, ["a", "b", "c", "d", "e"].map(|title| draft(title, json!(20)))).await;
    let first = list(&app, "?limit=2").await;
    assert_eq!(titles(&first), ["e", "d"]);
    fill(&app, &seller, ["f", "g"].map(|title| draft(title, json!(20)))).await;
    // The ticket that the cursor names is gone, and so is one after it.
    for gone in [&tickets[3], &tickets[1]] {
        app.publish("orders", &order_created(&app, gone)).await;
    }
    app.settle().await;
    let second = list(&app, &next(&first).expect("a next page")).await;
    assert_eq!((titles(&second), next(&second)), (vec!["c", "a"], None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_at_most_a_hundred_tickets_and_says_where_the_next_begins() {
    let app = start().await;
    fill(&app, &app.user(), (0..101).map(|n| draft(&format!("T{n}"), json!(20)))).await;
    let first = list(&app, "").await;
    assert_eq!(titles(&first).len(), 100);
    let last = list(&app, &next(&first).expect("a next page")).await;
    assert_eq!((titles(&last), next(&last)), (vec!["T0"], None));
    assert_eq!(next(&list(&app, "?limit=100").await), next(&first).map(|next| next.replace('?', "?limit=100&")));
}

#[tokio::test(flavor = "multi_thread")]
async fn sellers_see_their_own_tickets_in_every_state() {
    let app = start().await;
    let (seller, other) = (app.user(), app.user());
    let tickets = fill(&app, &seller, ["a", "b", "c"].map(|title| draft(title, json!(20)))).await;
    fill(&app, &other, [draft("x", json!(20))]).await;
    let (locked, sold) = (order_created(&app, &tickets[0]), order_created(&app, &tickets[1]));
    for order in [&locked, &sold] {
        app.publish("orders", order).await;
    }
    app.publish("orders", &order_completed(&sold)).await;
    app.settle().await;
    let mine = app.get("/api/tickets?seller=me&sort=oldest").by(&seller).send().await;
    assert_eq!(titles(&mine), ["a", "b", "c"]);
    let state = |n: usize| (mine.body[n].get("orderId").cloned(), mine.body[n].get("sold").cloned());
    assert_eq!(state(0), (Some(json!(locked.id)), None));
    assert_eq!(state(1), (Some(json!(sold.id)), Some(json!(true))));
    assert_eq!(state(2), (None, None));
    for (state, expected) in
        [("for-sale", vec!["c"]), ("reserved", vec!["a"]), ("sold", vec!["b"]), ("withdrawn", vec![])]
    {
        let mine = app.get(&format!("/api/tickets?seller=me&state={state}")).by(&seller).send().await;
        assert_eq!(titles(&mine), expected, "{state}");
    }
    assert_eq!(titles(&app.get("/api/tickets?seller=me").by(&other).send().await), ["x"]);
    let nobody = list(&app, "?seller=me&limit=nonsense").await;
    assert_eq!((nobody.status, nobody.messages()), (401, vec!["Not authorized"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parameter_that_is_not_valid_is_named() {
    let app = start().await;
    for (query, field, message) in [
        ("limit=0", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=101", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=-1", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=ten", "limit", "limit must be a whole number from 1 to 100"),
        ("limit=", "limit", "limit must be a whole number from 1 to 100"),
        ("sort=userId", "sort", "sort must be one of newest, oldest, price, -price, date"),
        ("cursor=nonsense", "cursor", "cursor must come from the Link header of another page in the same order"),
        (
            "minPrice=cheap",
            "minPrice",
            "minPrice must be a number with a point before the cents, like 20.50, and greater than 0",
        ),
        (
            "minPrice=-1",
            "minPrice",
            "minPrice must be a number with a point before the cents, like 20.50, and greater than 0",
        ),
        (
            "maxPrice=0",
            "maxPrice",
            "maxPrice must be a number with a point before the cents, like 20.50, and greater than 0",
        ),
        (
            "maxPrice=20,50",
            "maxPrice",
            "maxPrice must be a number with a point before the cents, like 20.50, and greater than 0",
        ),
        ("maxPrice=1.234", "maxPrice", "Price must have at most 2 decimal places"),
        ("from=today", "from", "from must be a moment like 2026-11-22T17:43:03Z"),
        ("to=2026-11-22", "to", "to must be a moment like 2026-11-22T17:43:03Z"),
        ("q=a%00b", "q", "q must not contain control characters"),
        ("near=maybe", "near", "near must be true or false"),
        ("cursor=99.", "cursor", "cursor must come from the Link header of another page in the same order"),
        ("from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z", "to", "to must not be before from"),
        ("fromDay=2027-01-02&toDay=2027-01-01", "toDay", "toDay must not be before fromDay"),
        ("q=opera&cursor=3.", "cursor", "cursor is of a list of what comes near: near must be true with it"),
        (
            "q=opera&near=false&cursor=14.",
            "cursor",
            "cursor is of a list of what comes near: near must be true with it",
        ),
        ("currency=btc", "currency", "Currency must be one of usd, eur, gbp, cad, aud, chf, sek, nok, dkk, pln"),
        ("seller=5f1f77bcf86cd799439011aa", "seller", "seller must be me"),
    ] {
        let reply = list(&app, &format!("?{query}")).await;
        let expected = json!({"errors": [{"code": "invalid_field", "message": message, "field": field}]});
        assert_eq!((reply.status, reply.body), (400, expected), "{query}");
    }
    for valid in ["fromDay=2027-01-01&toDay=2027-01-01", "q=opera&near=true&cursor=3.", "q=opera&cursor=2."] {
        assert_eq!(list(&app, &format!("?{valid}")).await.status, 200, "{valid}");
    }
    let long = list(&app, &format!("?q={}", "q".repeat(201))).await;
    assert_eq!(long.messages(), ["q must be at most 200 characters"]);
    let twice = list(&app, "?limit=1&limit=2").await;
    assert_eq!((twice.status, twice.messages().len()), (400, 1));
    let both = list(&app, "?limit=0&sort=x").await;
    assert_eq!(both.messages().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_searched_for_is_counted_as_a_search() {
    let settings = Settings { searches_per_address: Some(0), ..Settings::default() };
    let app = Harness::start(crate::definition(settings)).await;
    for plain in ["limit=7&sort=date", "sort=price&limit=7", "sort=-price&currency=eur"] {
        assert_eq!(list(&app, &format!("?{plain}")).await.status, 200, "{plain}");
    }
    assert_eq!(list(&app, "?currency=eur").await.status, 429, "most of the tickets may be in others");
    let refused = list(&app, "?q=zzzz").await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_searches"]));
    assert_eq!(refused.headers["retry-after"], "1");
}
