use std::time::Duration;

use harness::{Harness, Reply, TestUser};
use runtime::limits::{LimitSettings, Rate};
use serde_json::json;

use crate::Settings;
use crate::testing::event_draft;

const MINUTE: Duration = Duration::from_secs(60);

/// Where one user may add two events, and in the long run one in each five minutes: sessions last longer.
async fn start() -> Harness {
    let settings = Settings { added_events: Some(Rate { burst: 2, per: 10 * MINUTE }), ..Settings::default() };
    let limits = LimitSettings { user: None, address: None, ..LimitSettings::default() };
    Harness::start_limited(crate::definition(settings), limits).await
}

async fn add(app: &Harness, user: &TestUser, name: &str) -> Reply {
    app.post("/api/events").by(user).json(event_draft(name)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_user_adds_so_many_events_in_a_while() {
    let app = start().await;
    let user = app.user();
    for name in ["Gala", "Opera"] {
        assert_eq!(add(&app, &user, name).await.status, 201);
    }
    let refused = add(&app, &user, "Derby").await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_events"]));
    assert_eq!(refused.headers["retry-after"], (5 * 60).to_string());
    assert_eq!(refused.messages(), ["You have added many events lately. Please try again in 5 minutes"]);
    assert_eq!(add(&app, &app.user(), "Derby").await.status, 201, "somebody else has a share of their own");
    app.clock.advance(5 * MINUTE);
    assert_eq!(add(&app, &user, "Ballet").await.status, 201);
    assert_eq!(add(&app, &user, "Cup").await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_added_counts() {
    let app = start().await;
    let user = app.user();
    assert_eq!(add(&app, &user, "Gala").await.status, 201);
    for _ in 0..3 {
        assert_eq!(add(&app, &user, "Gala").await.status, 200, "it is known");
        assert_eq!(add(&app, &user, "").await.status, 400);
        let mut begun = event_draft("Opera");
        begun["startsAt"] = json!("2020-06-12T19:30");
        assert_eq!(app.post("/api/events").by(&user).json(begun).await.status, 400);
    }
    assert_eq!(add(&app, &user, "Opera").await.status, 201);
    assert_eq!(add(&app, &user, "Derby").await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_add_no_more_is_still_given_what_is_known() {
    let app = start().await;
    let user = app.user();
    let derby = add(&app, &app.user(), "Derby").await.body;
    let mut other_hall = event_draft("Derby");
    other_hall["venue"]["name"] = json!("Kleine Halle");
    let other = app.post("/api/events").by(&app.user()).json(other_hall.clone()).await.body;
    assert_eq!(other["slug"], "derby-berlin-2027-06-12-2");
    let keyed = || app.post("/api/events").by(&user).header("idempotency-key", "a").json(event_draft("Gala"));
    let (gala, opera) = (keyed().await, add(&app, &user, "Opera").await);
    assert_eq!((gala.status, opera.status, add(&app, &user, "Cup").await.status), (201, 201, 429));
    for (name, known) in [("Derby", &derby), (" DERBY!", &derby), ("Opera", &opera.body)] {
        let reply = add(&app, &user, name).await;
        assert_eq!((reply.status, &reply.body), (200, known), "{name}");
    }
    let reply = app.post("/api/events").by(&user).json(other_hall).await;
    assert_eq!((reply.status, reply.body), (200, other));
    let again = keyed().await;
    assert_eq!((again.status, again.body), (201, gala.body), "it is the request that added it");
    assert_eq!(add(&app, &user, "Cup").await.status, 429);
}
