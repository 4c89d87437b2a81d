//! How many requests a service takes of one user and of one address.

use std::time::Duration;

use axum::Json;
use axum::routing::post;
use harness::{Harness, Reply, Request, TestUser, within};
use ports::store::{Collection, Query};
use runtime::limits::{Claim, LimitSettings, Proxies, Rate};
use runtime::session::SignedIn;
use runtime::{Deps, Service, ServiceDefinition};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;

const PERIOD: Duration = Duration::from_secs(10);
/// Where a door checks people in.
const CHECK_INS: &str = "/api/deliveries/events/5f1f77bcf86cd799439011e1/checkins";

/// A service that does nothing, but only for users.
fn definition() -> ServiceDefinition {
    let act = |SignedIn(_): SignedIn| async { Json(json!({})) };
    let build = move |_: Deps| Service {
        routes: OpenApiRouter::new()
            .route("/api/acts", post(act).get(act))
            .route("/api/webhooks/acts", post(async || Json(json!({}))))
            .route(CHECK_INS, post(act)),
        internal: OpenApiRouter::new().route("/internal/acts", post(async || Json(json!({})))),
        streams: Vec::new(),
        listeners: Vec::new(),
        tasks: Vec::new(),
    };
    ServiceDefinition {
        name: "acts",
        collections: &[],
        api: utoipa::openapi::OpenApi::default(),
        build: Box::new(build),
    }
}

/// Four at once of a user, six of an address, which the outermost of two proxies tells.
fn settings() -> LimitSettings {
    LimitSettings {
        user: Some(Rate { burst: 4, per: PERIOD }),
        address: Some(Rate { burst: 6, per: PERIOD }),
        check_ins: Some(Rate { burst: 5, per: PERIOD }),
        proxies: Proxies { trusted: 1, voucher: None },
        ..LimitSettings::default()
    }
}

fn act(app: &Harness, user: &TestUser) -> Request {
    app.post("/api/acts").by(user)
}

async fn act_until_refused(app: &Harness, user: &TestUser) -> (usize, Reply) {
    for allowed in 0.. {
        let reply = act(app, user).send().await;
        if reply.status != 200 {
            return (allowed, reply);
        }
    }
    unreachable!()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_sends_too_many_requests_is_told_when_to_go_on() {
    let app = Harness::start_limited(definition(), settings()).await;
    let (ada, bob) = (app.user(), app.user());
    let (allowed, refused) = act_until_refused(&app, &ada).await;
    assert_eq!((allowed, refused.status, refused.codes()), (4, 429, vec!["too_many_requests"]));
    assert_eq!(refused.headers["retry-after"], "3");
    assert_eq!(refused.messages(), ["Too many requests, please try again in 3 seconds"]);
    assert_eq!(app.get("/api/acts").by(&ada).send().await.status, 200, "reading is free");
    assert_eq!(app.post("/api/webhooks/acts").by(&ada).send().await.status, 200);
    assert_eq!(app.ask("/internal/acts").send().await.status, 200);
    assert_eq!(act(&app, &bob).send().await.status, 200, "somebody else's bucket is another");
    app.clock.advance(Duration::from_secs(3));
    assert_eq!(act(&app, &ada).send().await.status, 200);
    assert_eq!(act(&app, &ada).send().await.status, 429, "only one has leaked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_sends_too_many_requests_is_refused_whoever_it_is() {
    let app = Harness::start_limited(definition(), settings()).await;
    let from = |address: &'static str| app.post("/api/acts").header("x-forwarded-for", address);
    for host in 0..6 {
        let address = format!("9.9.9.9, 2001:db8:1:2:3:4:5:{host}");
        let by_stranger = app.post("/api/acts").header("x-forwarded-for", &address).send().await;
        assert_eq!(by_stranger.status, 401);
    }
    let refused = from("2001:db8:1:2::77").by(&app.user()).send().await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_requests"]));
    assert_eq!(from("2001:db8:1:3::77").by(&app.user()).send().await.status, 200, "another network");
}

#[tokio::test(flavor = "multi_thread")]
async fn check_ins_are_counted_apart_from_all_else_that_the_user_and_those_at_the_same_place_do() {
    let app = Harness::start_limited(definition(), settings()).await;
    let (ada, bob) = (app.user(), app.user());
    let check_in = async |user: &TestUser| app.post(CHECK_INS).by(user).send().await;
    assert_eq!(act_until_refused(&app, &ada).await.0, 4);
    assert_eq!(act_until_refused(&app, &bob).await.0, 2, "their address has done six");
    for number in 0..5 {
        assert_eq!(check_in(&ada).await.status, 200, "{number}");
    }
    let refused = check_in(&ada).await;
    assert_eq!((refused.status, refused.codes()), (429, vec!["too_many_requests"]));
    assert_eq!(refused.headers["retry-after"], "2");
    assert_eq!(check_in(&bob).await.status, 200, "somebody else's bucket is another");
    assert_eq!(check_in(&bob).await.status, 429, "but one address checks six in");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_a_large_network_may_not_do_as_much_from_each_part_of_it() {
    let app = Harness::start_limited(definition(), settings()).await;
    let from = async |network: &str| {
        let address = format!("2001:db8:{network}::1");
        app.post("/api/acts").header("x-forwarded-for", &address).by(&app.user()).send().await.status
    };
    for part in 0..12 {
        assert_eq!(from(&format!("1:1{part:02x}")).await, 200, "a /56 may do twice as much as a /64");
    }
    assert_eq!(from("1:1ff").await, 429);
    for part in 0..12 {
        assert_eq!(from(&format!("1:2{part:02x}")).await, 200, "a /48 may do four times as much");
    }
    assert_eq!(from("1:300").await, 429);
    assert_eq!(from("2:300").await, 200, "another network");
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_count_together() {
    let app = Harness::start_limited(definition(), settings()).await;
    let (other, ada) = (app.replica(definition()).await, app.user());
    for _ in 0..3 {
        assert_eq!(act(&app, &ada).send().await.status, 200);
    }
    until_known(&other, &ada, 2).await;
    assert_eq!(act(&other, &ada).send().await.status, 200, "there is room for one more");
    until_known(&app, &ada, 1).await;
    for replica in [&app, &other] {
        assert_eq!(act(replica, &ada).send().await.status, 429);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_forgives_nothing_of_an_abuser_and_an_honest_user_costs_nothing() {
    let app = Harness::start_limited(definition(), settings()).await;
    let (ada, honest) = (app.user(), app.user());
    assert_eq!(act(&app, &honest).header("x-forwarded-for", "1.1.1.1").send().await.status, 200);
    assert_eq!(act_until_refused(&app, &ada).await.0, 4);
    within(async {
        while !kept(&app).await.contains(&format!("user:{}", ada.id)) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(kept(&app).await, ["address:0.0.0.0".to_owned(), format!("user:{}", ada.id)]);
    // It has just begun, and has told nobody yet: as after a crash.
    let next = app.replica(definition()).await;
    assert_eq!(act(&next, &ada).header("x-forwarded-for", "2.2.2.2").send().await.status, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_end_tells_what_was_counted_last() {
    let app = Harness::start_limited(definition(), settings()).await;
    let (other, ada) = (app.replica(definition()).await, app.user());
    assert_eq!(act_until_refused(&app, &ada).await.0, 4);
    app.stop().await;
    let next = other.replica(definition()).await;
    assert_eq!(act(&next, &ada).send().await.status, 429);
}

/// Returns once the replica knows that there is no room for so many more.
async fn until_known(replica: &Harness, user: &TestUser, more: u32) {
    // That many more are as one of a rate that is so much coarser.
    let claim = Claim::new("user", user.id, Rate { burst: 4 / more, per: PERIOD });
    within(async {
        while replica.deps.limits.check(std::slice::from_ref(&claim)).is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Of whom the database knows.
async fn kept(app: &Harness) -> Vec<String> {
    const LIMITS: &Collection = &Collection { name: "limits", indexes: &[] };
    let records = app.deps.records.find(LIMITS, &Query::default()).await.expect("reads");
    records.into_iter().map(|record| record.id).collect()
}
