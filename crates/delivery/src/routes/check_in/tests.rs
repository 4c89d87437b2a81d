use std::time::Duration;

use common::events::CancelReason;
use serde_json::json;

use crate::service_testing::*;

#[tokio::test(flavor = "multi_thread")]
async fn two_doors_at_once_let_a_code_in_once_and_the_other_hears_of_the_first() {
    let app = start().await;
    let (organiser, buyer) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&buyer, order.id).await;
    let scan = async |door: &'static str| app.check_in(&organiser, event, door, &[(door, &code)]).await;
    let (north, south) = tokio::join!(scan("North"), scan("South"));
    let (first, other) = if north[0]["answer"] == "admitted" { (north, south) } else { (south, north) };
    assert_eq!((&first[0]["answer"], &other[0]["answer"]), (&json!("admitted"), &json!("already")));
    assert_eq!((&other[0]["door"], &other[0]["at"]), (&first[0]["id"], &moment(app.clock.now())));
    let again = app.check_in(&organiser, event, "West", &[(first[0]["id"].as_str().expect("an id"), &code)]).await;
    assert_eq!(again[0]["answer"], "admitted", "it is the same scan, sent again");
    let door = app.get(&format!("/api/deliveries/events/{event}/door")).by(&organiser).send().await.body;
    assert_eq!(door["places"][0]["checkedIn"]["door"], first[0]["id"]);
    assert_eq!(door["places"][0]["conflicts"][0]["door"], other[0]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_door_let_in_while_it_was_offline_is_a_conflict_if_another_was_first() {
    let app = start().await;
    let (organiser, buyer) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&buyer, order.id).await;
    let offline_at = app.clock.now();
    app.clock.advance(Duration::from_secs(60));
    assert_eq!(app.check_in(&organiser, event, "North", &[("n1", &code)]).await[0]["answer"], "admitted");
    let recorded_at = app.clock.now();
    app.clock.advance(Duration::from_secs(60));
    let body = json!({"door": "South", "scans": [{"id": "s1", "code": code, "at": offline_at}]});
    let request = app.post(&format!("/api/deliveries/events/{event}/checkins")).by(&organiser);
    let reply = request.json(body).await.body;
    let already = json!({"id": "s1", "answer": "already", "at": moment(recorded_at), "door": "North", "seat": {}});
    assert_eq!(reply["scans"][0], already);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessed_and_forged_codes_and_those_of_other_events_let_nobody_in() {
    let app = start().await;
    let (organiser, buyer) = (app.user(), app.user());
    let (event, another) = (app.organised_by(&organiser).await, app.organised_by(&organiser).await);
    let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&buyer, order.id).await;
    let mut forged = code.clone();
    let changed = if forged.ends_with("AA") { "BB" } else { "AA" };
    forged.replace_range(forged.len() - 2.., changed);
    let by_others: crate::TicketKeys = format!("1:{}", "x".repeat(32)).parse().expect("is a key");
    let said = app.state().ticket_keys.read(&code).expect("is ours");
    let signed_by_others = by_others.sign(&said);
    let scans = [("1", "SEAT-12"), ("2", ""), ("3", forged.as_str()), ("4", signed_by_others.as_str())];
    for scan in app.check_in(&organiser, event, "North", &scans).await.as_array().expect("a list") {
        assert_eq!(scan["answer"], "unknown", "{scan}");
    }
    assert_eq!(app.check_in(&organiser, another, "North", &[("5", &code)]).await[0]["answer"], "other_event");
    assert_eq!(app.check_in(&organiser, event, "North", &[("6", &code)]).await[0]["answer"], "admitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_an_organiser_of_the_event_lets_people_in() {
    let app = start().await;
    let (organiser, buyer) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&buyer, order.id).await;
    let path = format!("/api/deliveries/events/{event}/checkins");
    let body = json!({"door": "North", "scans": [{"id": "1", "code": code, "at": app.clock.now()}]});
    assert_eq!(app.post(&path).by(&buyer).json(body.clone()).await.status, 401);
    assert_eq!(app.post(&path).json(body).await.status, 401);
    let no_door = app.post(&path).by(&organiser).json(json!({"door": " ", "scans": []})).await;
    assert_eq!((no_door.status, &no_door.body["errors"][0]["field"]), (400, &json!("door")));
    let scan = json!({"id": "1", "code": code, "at": app.clock.now()});
    let too_many = app.post(&path).by(&organiser).json(json!({"door": "North", "scans": vec![scan; 201]})).await;
    assert_eq!((too_many.status, &too_many.body["errors"][0]["field"]), (400, &json!("scans")));
    assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "admitted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_lets_nobody_in() {
    let app = start().await;
    let (organiser, buyer) = (app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let order = app.bought(&buyer, &app.issued(&organiser, event, None).await).await;
    let code = app.code(&buyer, order.id).await;
    app.publish("orders", &cancellation(&order, 2, CancelReason::EventCancelled)).await;
    app.settle().await;
    assert_eq!(app.check_in(&organiser, event, "North", &[("1", &code)]).await[0]["answer"], "void");
    let delivery = app.delivery(&buyer, order.id).await.body;
    assert_eq!((&delivery["state"], &delivery["codes"]), (&json!("taken_back"), &json!([])));
}
