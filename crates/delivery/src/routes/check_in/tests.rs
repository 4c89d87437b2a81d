use std::time::Duration;

use common::events::CancelReason;
use common::time::Timestamp;
use harness::TestUser;
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
    let winner = if first[0]["id"] == "North" { "North" } else { "South" };
    for (door, answer) in [(winner, "admitted"), ("West", "already")] {
        let again = app.check_in(&organiser, event, door, &[(winner, &code)]).await;
        assert_eq!(again[0]["answer"], answer, "only by the same door it is the same scan, sent again");
    }
    let door = app.get(&format!("/api/deliveries/events/{event}/door")).by(&organiser).send().await.body;
    assert_eq!(door["places"][0]["checkedIn"]["door"], first[0]["id"]);
    assert_eq!(door["places"][0]["conflicts"][0]["door"], other[0]["id"]);
}

/// Two scanners that count their scans alike let nobody in twice; a moment ahead of ours is what a scan is told by, too.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_scans_that_are_called_alike_at_one_door_the_second_lets_nobody_in() {
    let app = start().await;
    let (ada, bob) = (app.user(), app.user());
    let event = app.organised_by(&ada).await;
    app.organise(&bob, event).await;
    let now = app.clock.now();
    let [at, another] = [3600, 3601].map(|seconds| now + Duration::from_secs(seconds));
    for (sender, sent, answer) in [(&ada, at, "admitted"), (&ada, another, "already"), (&bob, at, "already")] {
        let buyer = app.user();
        let order = app.bought(&buyer, &app.issued(&ada, event, None).await).await;
        let code = app.code(&buyer, order.id).await;
        let send = async |sender: &TestUser, at: Timestamp| {
            let body = json!({"door": "North", "scans": [{"id": "1", "code": code, "at": at}]});
            let request = app.post(&format!("/api/deliveries/events/{event}/checkins")).by(sender);
            request.json(body).await.body["scans"][0]["answer"].clone()
        };
        assert_eq!(send(&ada, at).await, "admitted");
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(send(sender, sent).await, answer);
    }
    let kept = app.everything_kept().await;
    let by_name = |person: &TestUser| kept.matches(&person.id.to_string()).count();
    assert_eq!(by_name(&bob), 1, "they are an organiser, and nothing says what they have scanned");
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

/// Bob is let in by a door that is offline, and sells his place on; Ada buys it, and is let in by another door.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_let_in_offline_and_sold_the_place_on_is_shown_to_all_doors() {
    let app = start().await;
    let (organiser, bob, ada) = (app.user(), app.user(), app.user());
    let event = app.organised_by(&organiser).await;
    let first = app.bought(&bob, &app.issued(&organiser, event, None).await).await;
    let (old, offline_at) = (app.code(&bob, first.id).await, app.clock.now());
    app.clock.advance(Duration::from_secs(60));
    let second = app.bought(&ada, &app.issued(&bob, event, Some(first.id)).await).await;
    let (new, online_at) = (app.code(&ada, second.id).await, app.clock.now());
    let conflicts = async || {
        let door = app.get(&format!("/api/deliveries/events/{event}/door")).by(&organiser).send().await.body;
        door["places"][0]["conflicts"].clone()
    };
    let send = async |let_in: bool| {
        let scan = json!({"id": "s1", "code": old, "at": offline_at, "letIn": let_in});
        let request = app.post(&format!("/api/deliveries/events/{event}/checkins")).by(&organiser);
        request.json(json!({"door": "South", "scans": [scan]})).await.body["scans"][0].clone()
    };
    assert_eq!(app.check_in(&organiser, event, "North", &[("n1", &new)]).await[0]["answer"], "admitted");
    let inside = json!({"at": online_at, "door": "North"});
    assert_eq!(send(false).await, json!({"id": "s1", "answer": "void", "inside": inside, "seat": {}}));
    assert_eq!(conflicts().await, json!(null), "nobody was let in");
    let expected = json!({"id": "s1", "answer": "void", "conflict": true, "inside": inside, "seat": {}});
    for _ in 0..2 {
        assert_eq!(send(true).await, expected);
        let expected = json!([{"at": offline_at, "door": "South", "void": true, "letIn": true}]);
        assert_eq!(conflicts().await, expected);
    }
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
    let long = format!("{code}{}", "A".repeat(30_000));
    let scans = [("1", "SEAT-12"), ("2", ""), ("3", &forged), ("4", &signed_by_others), ("5", &long)];
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
