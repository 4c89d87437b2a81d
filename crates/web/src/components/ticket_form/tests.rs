use std::time::Duration;

use client::Ticket;
use common::events::OrderedTicket;
use common::money::InvalidPrice;
use formats::Formats;
use harness::{Harness, Reply, TestUser};
use serde_json::{Value, json};

use super::*;
use crate::messages::ENGLISH;

fn typed(price: &str) -> TypedTicket {
    TypedTicket { title: "Row A".into(), price: price.into(), ..TypedTicket::default() }
}

fn for_api(typed: &TypedTicket) -> client::TicketForm {
    typed.for_api(&Formats::asked_for("en-US"))
}

#[test]
fn amounts_are_understood_with_either_decimal_mark() {
    let as_sent = [("20", "20.00"), ("20.50", "20.50"), ("20,50", "20.50"), ("1,234.50", "1234.50"), ("٢٠", "20.00")];
    for (price, sent) in as_sent {
        assert_eq!(for_api(&typed(price)).price, sent);
    }
    // The API would read some of these, though not as they were meant.
    for price in ["1,2,3", "20.500", "20 EUR", "-20", "1e3"] {
        let typed = TypedTicket { currency: "usd".into(), ..typed(price) };
        assert_eq!(for_api(&typed).price, "", "{price}");
    }
}

#[test]
fn a_ticket_comes_out_of_the_form_as_it_went_in() {
    let ticket: Ticket = serde_json::from_value(json!({
        "id": "5f1f77bcf86cd799439011a2", "title": "Row A", "price": 20.5, "currency": "eur", "version": 3,
        "userId": "5f1f77bcf86cd799439011a1", "event": "Hamilton", "startsAt": "2027-03-14T19:30:00.000Z", "seat": "12",
    }))
    .expect("a ticket");
    let form = for_api(&TypedTicket::from(&ticket));
    let text = |text: &str| Some(text.to_owned());
    assert_eq!((form.title.as_str(), form.price.as_str(), form.currency), ("Row A", "20.50", text("eur")));
    assert_eq!(
        (form.event, form.starts_at, form.seat),
        (text("Hamilton"), text("2027-03-14T19:30:00.000Z"), text("12"))
    );
    assert_eq!((form.venue, form.section, form.row), (text(""), text(""), text("")), "what is empty is taken away");
}

/// The tickets service itself.
async fn api() -> (Harness, TestUser) {
    let api = Harness::start(tickets::definition(tickets::Settings::default())).await;
    let seller = api.user();
    (api, seller)
}

async fn list(api: &Harness, seller: &TestUser, typed: &TypedTicket) -> Reply {
    let form = serde_json::to_value(for_api(typed)).expect("serialises");
    api.post("/api/tickets").by(seller).json(form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn script_is_given_the_words_of_the_api() {
    let (api, seller) = api().await;
    let rules = &ENGLISH.sell.rules;
    let refused = async |typed: TypedTicket| list(&api, &seller, &typed).await.messages().join(", ");

    for (title, rule) in [
        (" ".to_owned(), rules.missing),
        ("é".repeat(LONGEST + 1), rules.too_long),
        ("a\tb".to_owned(), rules.control_characters),
    ] {
        let said = rule.replace("{field}", ENGLISH.sell.form.title);
        assert_eq!(refused(TypedTicket { title, ..typed("20") }).await, said);
    }
    let longest = TypedTicket { title: "é".repeat(LONGEST), ..typed("20") };
    assert_eq!(list(&api, &seller, &longest).await.status, 201);

    for (price, rule) in [
        ("", InvalidPrice::NotPositive),
        ("0,00", InvalidPrice::NotPositive),
        ("twenty", InvalidPrice::NotPositive),
        ("19.999", InvalidPrice::TooPrecise),
        ("1000000", InvalidPrice::TooLarge),
    ] {
        assert_eq!(refused(typed(price)).await, (rules.price)(rule), "{price:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_line_has_the_name_that_the_api_gives_it() {
    let (api, seller) = api().await;
    let long = || "a".repeat(LONGEST + 1);
    let (event, venue, section, row, seat) = (long(), long(), long(), long(), long());
    let reply = list(&api, &seller, &TypedTicket { event, venue, section, row, seat, ..typed("20") }).await;
    let form = &ENGLISH.sell.form;
    let labels = [form.event, form.venue, form.section, form.row, form.seat];
    assert_eq!(reply.messages(), labels.map(|label| ENGLISH.sell.rules.too_long.replace("{field}", label)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reserved_ticket_is_refused_in_the_words_of_the_api() {
    let (api, seller) = api().await;
    let ticket = list(&api, &seller, &typed("20")).await.body;
    let id = ticket["id"].as_str().expect("an id");
    let ordered = OrderedTicket { id: id.parse().expect("an id"), ..api.ordered_ticket() };
    let order = api.order_of(api.user().id, ordered, Duration::ZERO);
    api.publish("orders", &order).await;
    api.settle().await;
    let form = serde_json::to_value(for_api(&typed("30"))).expect("serialises");
    let reply = api.put(&format!("/api/tickets/{id}")).by(&seller).json(form).await;
    assert_eq!((reply.status, reply.messages()), (400, vec![ENGLISH.sell.reserved]));
}

#[test]
fn what_is_promised_is_kept_until_its_seller_says_something_else() {
    let ticket = |delivery: Value| -> Ticket {
        serde_json::from_value(json!({
            "id": "5f1f77bcf86cd799439011a2", "title": "Row A", "price": 20.5, "version": 3,
            "userId": "5f1f77bcf86cd799439011a1", "startsAt": "2027-03-14T19:30:00.000Z", "timeZone": "Europe/Berlin",
            "delivery": delivery,
        }))
        .expect("a ticket")
    };
    let later = TypedTicket::from(&ticket(json!({"mode": "later", "until": "2027-03-13T19:30:00.000Z"})));
    assert_eq!((later.delivery.as_str(), later.until.as_str()), ("later", "2027-03-13T20:30"));
    let sealed = TypedTicket::from(&ticket(json!({"mode": "sealed", "seal": 1})));
    let ours = TypedTicket::from(&ticket(json!({"mode": "ours", "seal": 1})));
    for kept in [&later, &sealed, &ours] {
        assert_eq!(for_api(kept).delivery, None, "{kept:?}");
    }
    let until = |until: Option<&str>| Some(client::DeliveryForm::Later { until: until.map(str::to_owned) });
    for (typed, sent) in [
        (TypedTicket { until: "2027-03-12T20:30".into(), ..later.clone() }, until(Some("2027-03-12T19:30:00.000Z"))),
        (TypedTicket { until: String::new(), ..later.clone() }, until(None)),
        (TypedTicket { delivery: "sealed".into(), ..later }, Some(client::DeliveryForm::Sealed)),
        (TypedTicket { delivery: "later".into(), ..sealed }, until(None)),
    ] {
        assert_eq!(for_api(&typed).delivery, sent, "{typed:?}");
    }
}
