//! Anybody can say that they have a seat. Until they have given us what they promise, that counts for nothing.

use harness::Audited;
use serde_json::{Value, json};

use super::*;
use crate::testing::given;

#[tokio::test]
async fn a_listing_that_is_not_for_sale_yet_discredits_nobody_until_it_is() {
    for (mode, promise) in [(SealMode::Ours, json!({"mode": "ours"})), (SealMode::Sealed, json!({"mode": "sealed"}))] {
        let app = start().await;
        let (organiser, eve) = (app.user(), app.user());
        let gala = added(&app, &organiser, event_draft("Gala")).await;
        let audited = Audited::begin();
        let known = listed(&app, &organiser, to(&gala, "F")).await;
        let mut body = to(&gala, "F");
        body["delivery"] = promise;
        let other = listed(&app, &eve, body.clone()).await;
        let told = async |ticket: &Value| shown(&app, ticket).await["alsoOffered"].clone();
        assert_eq!(told(&known).await, Value::Null, "{mode:?}");
        assert_eq!(app.put(&path_of(&other)).by(&eve).json(body).await.status, 200);
        assert_eq!(told(&known).await, Value::Null, "{mode:?}");
        // Whoever is shown what is not for sale yet is told of what is.
        assert_eq!(told(&other).await, json!(true), "{mode:?}");
        assert_eq!(audited.events(), Vec::<String>::new(), "{mode:?}");
        for seal in 1..=2 {
            app.publish("deliveries", &given(&other, mode, seal)).await;
            app.settle().await;
            assert_eq!(shown(&app, &other).await["delivery"]["seal"], json!(seal), "{mode:?}");
            assert_eq!((told(&known).await, told(&other).await), (json!(true), json!(true)), "{mode:?}");
        }
        assert_eq!(audited.events(), ["seat_offered_twice"], "once, and not again for what replaces it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn however_many_say_that_they_have_a_seat_the_one_who_has_it_is_not_hidden_behind_them() {
    let app = start().await;
    let (ada, bob) = (app.user(), app.user());
    let gala = added(&app, &ada, event_draft("Gala")).await;
    for _ in 0..25 {
        let mut body = to(&gala, "F");
        body["delivery"] = json!({"mode": "ours"});
        listed(&app, &app.user(), body).await;
    }
    let known = listed(&app, &ada, to(&gala, "F")).await;
    assert_eq!(shown(&app, &known).await["alsoOffered"], Value::Null);
    let rival = listed(&app, &bob, to(&gala, "F")).await;
    for ticket in [&known, &rival] {
        assert_eq!(shown(&app, ticket).await["alsoOffered"], json!(true));
    }
}
