//! Prices are compared in one currency.

use harness::{Harness, TestUser};
use serde_json::json;

use super::{fill, list, next, titles};
use crate::testing::{added, event_draft, start};

/// Two tickets in each of two currencies, and one without a currency: NOK 600 is less than EUR 75.
async fn in_currencies(app: &Harness, seller: &TestUser) {
    let tickets = [
        ("Eighty euros", 80, Some("eur")),
        ("Six hundred kroner", 600, Some("nok")),
        ("Fifty dollars", 50, None),
        ("Seventy-five euros", 75, Some("eur")),
        ("Four hundred kroner", 400, Some("nok")),
    ];
    let bodies = tickets.map(|(title, price, currency)| json!({"title": title, "price": price, "currency": currency}));
    fill(app, seller, bodies).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn prices_are_compared_in_one_currency_only() {
    let app = start().await;
    let seller = app.user();
    in_currencies(&app, &seller).await;
    for (query, expected) in [
        ("sort=price&currency=eur", vec!["Seventy-five euros", "Eighty euros"]),
        ("sort=-price&currency=nok", vec!["Six hundred kroner", "Four hundred kroner"]),
        ("sort=price&currency=pln", vec![]),
        // As a ticket that is listed without a currency is in US dollars, so is a price that is asked for without one.
        ("sort=price", vec!["Fifty dollars"]),
        ("minPrice=1&sort=oldest", vec!["Fifty dollars"]),
        ("maxPrice=10000", vec!["Fifty dollars"]),
        ("minPrice=76&currency=eur", vec!["Eighty euros"]),
        ("minPrice=76&maxPrice=90&currency=eur&sort=date", vec!["Eighty euros"]),
        ("maxPrice=500&currency=nok&q=kroner", vec!["Four hundred kroner"]),
        ("q=kroner&sort=price", vec![]),
        ("q=kroner&sort=price&currency=nok", vec!["Four hundred kroner", "Six hundred kroner"]),
        ("currency=eur", vec!["Seventy-five euros", "Eighty euros"]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?{query}")).await), expected, "{query}");
    }
    assert_eq!(titles(&list(&app, "").await).len(), 5, "all, where no prices are compared");
    let own = app.get("/api/tickets?seller=me&state=for-sale&sort=price&currency=eur").by(&seller).send().await;
    assert_eq!(titles(&own), ["Seventy-five euros", "Eighty euros"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_page_is_in_the_same_currency() {
    let app = start().await;
    in_currencies(&app, &app.user()).await;
    for (query, expected) in [
        ("currency=eur&", ["Seventy-five euros", "Eighty euros"]),
        ("minPrice=400&currency=nok&", ["Four hundred kroner", "Six hundred kroner"]),
    ] {
        let first = list(&app, &format!("?{query}sort=price&limit=1")).await;
        let last = list(&app, &next(&first).expect("a next page")).await;
        assert_eq!((titles(&first), titles(&last), next(&last)), (vec![expected[0]], vec![expected[1]], None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_tickets_to_an_event_are_in_its_currency() {
    let app = start().await;
    let seller = app.user();
    in_currencies(&app, &seller).await;
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let to = |title: &str, price: u32| json!({"title": title, "price": price, "eventId": gala["id"]});
    fill(&app, &seller, [to("Dear", 90), to("Cheap", 70)]).await;
    let event = gala["id"].as_str().expect("an id");
    for (query, expected) in [
        ("sort=price", vec!["Cheap", "Dear"]),
        ("minPrice=80", vec!["Dear"]),
        ("sort=-price&currency=eur", vec!["Dear", "Cheap"]),
        ("sort=price&currency=usd", vec![]),
    ] {
        assert_eq!(titles(&list(&app, &format!("?eventId={event}&{query}")).await), expected, "{query}");
    }
}
