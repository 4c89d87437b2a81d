//! What clients send, tried with what is almost right.

use fuzz::{bytes_like, text_like};
use harness::Reply;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Runtime;

use crate::testing::{App, start};

const QUERIES: &[&str] =
    &["limit=20&cursor=WyIyMDI2LTExLTIyVDEyOjAwOjAwLjAwMFoiLCI1ZjFmNzdiY2Y4NmNkNzk5NDM5MDExYWEiXQ"];

fn try_all<S: Strategy>(strategy: S, check: impl Fn(&Runtime, &App, S::Value)) {
    let runtime = Runtime::new().expect("a runtime");
    let app = runtime.block_on(start());
    let tried = TestRunner::default().run(&strategy, |value| {
        check(&runtime, &app, value);
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}

fn assert_refused(reply: &Reply) {
    assert!((400..500).contains(&reply.status), "{reply:?}");
    assert!(!reply.messages().is_empty());
}

#[test]
fn orders_of_anything() {
    // None of them names a ticket there is: the id in the example has one digit too few.
    let bodies =
        bytes_like(&[r#"{"ticketId":"5f1f77bcf86cd799439011a"}"#, r#"{"ticketId":["5f1f77bcf86cd799439011a"]}"#]);
    try_all(
        bodies.prop_filter("a well-formed id is waited for", |body| !names_a_ticket(body)),
        |runtime, app, body| {
            let request = app.post("/api/orders").by(&app.user()).header("content-type", "application/json");
            assert_refused(&runtime.block_on(request.raw(body)));
        },
    );
}

fn names_a_ticket(body: &[u8]) -> bool {
    let id = serde_json::from_slice::<serde_json::Value>(body).ok().map(|body| body["ticketId"].clone());
    id.is_some_and(|id| id.as_str().is_some_and(|id| id.trim().len() == 24))
}

#[test]
fn queries() {
    try_all(text_like(QUERIES), |runtime, app, query| {
        let path = format!("/api/orders?{query}");
        if path.parse::<http::Uri>().is_ok() {
            let reply = runtime.block_on(app.get(&path).by(&app.user()).send());
            if reply.status != 200 {
                assert_refused(&reply);
            }
        }
    });
}

#[test]
fn ids_in_paths() {
    try_all(text_like(&["5f1f77bcf86cd799439011aa", "%35f1f77bcf86cd799439011aa"]), |runtime, app, id| {
        let path = format!("/api/orders/{id}");
        if path.parse::<http::Uri>().is_ok() && !id.contains(['?', '#']) && !id.is_empty() {
            for request in [app.get(&path), app.delete(&path)] {
                assert_refused(&runtime.block_on(request.by(&app.user()).send()));
            }
        }
    });
}
