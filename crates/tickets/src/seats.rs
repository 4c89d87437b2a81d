//! One seller lists a seat once, whether by its event or in words of their own (invariant I17).

mod issued;
mod sold_on;
mod unsealed;

use common::delivery::SealMode;
use harness::{Harness, Reply, TestUser};
use serde_json::{Value, json};

use crate::testing::{added, draft, event_draft, listed, path_of, shown, start};

fn seat(row: &str) -> Value {
    let mut body = draft("One seat", json!(75));
    (body["row"], body["seat"], body["currency"]) = (json!(row), json!("12"), json!("eur"));
    body
}

/// To a known event.
fn to(event: &Value, row: &str) -> Value {
    let mut body = seat(row);
    body["eventId"] = event["id"].clone();
    body
}

/// To an event that its seller describes.
fn described(event: &str, starts_at: &str, row: &str) -> Value {
    let mut body = seat(row);
    (body["event"], body["startsAt"]) = (json!(event), json!(starts_at));
    body
}

const BEGINS: &str = "2027-06-12T17:30:00Z";

/// The event in another town.
fn elsewhere() -> Value {
    let mut body = event_draft("Gala");
    body["venue"]["city"] = json!("Hamburg");
    body
}

fn assert_refused(reply: &Reply) {
    assert_eq!((reply.status, reply.codes()), (400, vec!["seat_listed"]), "{:?}", reply.body);
}

async fn post(app: &Harness, path: &str, seller: &TestUser, body: &Value) -> Reply {
    app.post(path).by(seller).json(body.clone()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_listed_a_seat_of_an_event_does_not_list_it_in_their_own_words_and_the_other_way_round() {
    let app = start().await;
    let (ada, eve) = (app.user(), app.user());
    let gala = added(&app, &ada, event_draft("Gala")).await;
    listed(&app, &ada, to(&gala, "F")).await;
    listed(&app, &eve, described("Gala", BEGINS, "F")).await;
    // It does not matter what the venue is called.
    let mut elsewhere = described("Gala", BEGINS, "F");
    elsewhere["venue"] = json!("Halle");
    for path in ["/api/tickets/check", "/api/tickets"] {
        for body in [
            described("Gala", BEGINS, "F"),
            described(" GÁLA! ", "2027-06-12T19:30:30+02:00", "(f)"),
            elsewhere.clone(),
        ] {
            assert_refused(&post(&app, path, &ada, &body).await);
        }
        assert_refused(&post(&app, path, &eve, &to(&gala, " f ")).await);
    }
    for other in [
        described("Gala", BEGINS, "G"),
        described("Gala", "2027-06-12T19:30:00Z", "F"),
        described("Gala", "2027-06-13T17:30:00Z", "F"),
        described("Gala II", BEGINS, "F"),
    ] {
        listed(&app, &ada, other).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_not_listed_again_with_other_labels_digits_or_letters() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let mut known = to(&gala, "1");
    known["section"] = json!("A");
    listed(&app, &seller, known.clone()).await;
    let mut own = described("Tour", BEGINS, "1");
    (own["section"], own["venue"]) = (json!("A"), json!("Arena"));
    listed(&app, &seller, own.clone()).await;
    for (field, spellings) in [
        ("seat", &["012", "Seat 12", "No. 12", "Platz 12", "1 2", "١٢", "１２"][..]),
        ("row", &["Row 1", "1. Reihe", "01"]),
        ("section", &["Section A", "Block A", "А", "The A"]),
    ] {
        for spelling in spellings {
            for listing in [&known, &own] {
                let mut again = listing.clone();
                again[field] = json!(spelling);
                assert_refused(&post(&app, "/api/tickets", &seller, &again).await);
            }
        }
    }
    for name in ["The Tour", "Тоur", "TOUR!"] {
        own["event"] = json!(name);
        assert_refused(&post(&app, "/api/tickets", &seller, &own).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_in_another_venue_is_another_although_all_else_is_said_alike() {
    let app = start().await;
    let (ada, eve) = (app.user(), app.user());
    let at = |venue: &str| {
        let mut body = described("Tour", BEGINS, "F");
        body["venue"] = json!(venue);
        body
    };
    let here = listed(&app, &ada, at("Arena, Berlin")).await;
    for (seller, other) in [(&eve, "Arena, Hamburg"), (&ada, "Stadion, München")] {
        let there = listed(&app, seller, at(other)).await;
        for ticket in [&here, &there] {
            assert_eq!(shown(&app, ticket).await["alsoOffered"], Value::Null, "{other}");
        }
    }
    // To somebody who leaves the venue out, or a part of it, it may be either.
    for body in [at("arena"), at("Arena (Berlin)"), at("Stadion, Muenchen"), described("Tour", BEGINS, "F")] {
        assert_refused(&post(&app, "/api/tickets", &ada, &body).await);
    }
    let rival = listed(&app, &app.user(), at("Arena")).await;
    for ticket in [&here, &rival] {
        assert_eq!(shown(&app, ticket).await["alsoOffered"], json!(true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_does_not_make_a_listing_one_of_a_seat_that_is_listed() {
    let app = start().await;
    let seller = app.user();
    let gala = added(&app, &seller, event_draft("Gala")).await;
    let known = listed(&app, &seller, to(&gala, "F")).await;
    let other = listed(&app, &seller, described("Gala", BEGINS, "G")).await;
    let edit = async |ticket: &Value, row: &str| {
        let body = json!({"title": "One seat", "price": 75, "row": row});
        app.put(&path_of(ticket)).by(&seller).json(body).await
    };
    assert_refused(&edit(&other, "F").await);
    assert_refused(&edit(&known, "G").await);
    assert_eq!(shown(&app, &other).await["row"], json!("G"));
    // What is withdrawn is in nobody's way.
    assert_eq!(app.delete(&path_of(&known)).by(&seller).send().await.status, 204);
    assert_eq!(edit(&other, "F").await.status, 200);
    assert_refused(&post(&app, "/api/tickets", &seller, &to(&gala, "F")).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_known_events_that_are_called_alike_and_begin_together_are_told_apart() {
    let app = start().await;
    let seller = app.user();
    let here = added(&app, &seller, event_draft("Gala")).await;
    let there = added(&app, &seller, elsewhere()).await;
    listed(&app, &seller, to(&here, "F")).await;
    assert_eq!(post(&app, "/api/tickets/check", &seller, &to(&there, "F")).await.status, 200);
    let other = listed(&app, &seller, to(&there, "F")).await;
    assert_eq!(shown(&app, &other).await["alsoOffered"], Value::Null);
    for body in [to(&here, "F"), to(&there, "F"), described("Gala", BEGINS, "F")] {
        assert_refused(&post(&app, "/api/tickets", &seller, &body).await);
    }
    // The same by an edit.
    listed(&app, &seller, to(&here, "G")).await;
    let moved = app.put(&path_of(&other)).by(&seller).json(to(&there, "G")).await;
    assert_eq!((moved.status, &moved.body["row"]), (200, &json!("G")));
}

#[tokio::test(flavor = "multi_thread")]
async fn buyers_are_told_of_a_rival_who_describes_the_event() {
    let app = start().await;
    let (ada, eve) = (app.user(), app.user());
    let gala = added(&app, &ada, event_draft("Gala")).await;
    let known = listed(&app, &ada, to(&gala, "F")).await;
    let other = listed(&app, &eve, described("gala", BEGINS, "f")).await;
    for ticket in [&known, &other] {
        assert_eq!(shown(&app, ticket).await["alsoOffered"], json!(true));
    }
}
