use common::id::IdGenerator;

use super::*;

const KEPT: &str = r#"{"status":201,"headers":[["content-type","application/json"]],"body":"{}"}"#;

fn kept() -> KeptAnswer {
    serde_json::from_str(KEPT).expect("an answer")
}

fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000)
}

fn asked(route: &str, body_hash: &str) -> Asked {
    let user = "655f1d2a9b3c4d5e6f708192".parse().expect("an id");
    Asked { user, key: "k".into(), route: route.into(), body_hash: body_hash.into() }
}

/// A request, its claim, and two further ids.
fn claimed() -> (Asked, Exchange, [Id<Reserved>; 2]) {
    let (asked, ids) = (asked("/api/tickets", "abc"), IdGenerator::seeded(1));
    let exchange = Exchange::claim(&asked, ids.next(now()), now());
    (asked, exchange, [ids.next(now()), ids.next(now())])
}

#[test]
fn the_same_request_waits_for_the_first_and_is_given_its_answer() {
    let (asked, mut exchange, [id, _]) = claimed();
    assert_eq!(exchange.claim_again(&asked, id, now()), Outcome::Unchanged);
    assert_eq!(exchange.found_by(&asked), Found::InProgress);
    assert!(exchange.finish(now(), Some(kept())).is_changed());
    assert_eq!(exchange.claim_again(&asked, id, now() + LEASE * 2), Outcome::Unchanged);
    assert_eq!(exchange.found_by(&asked), Found::Answered(kept()));
}

#[test]
fn another_request_under_the_key_is_told_so() {
    let (_, mut exchange, [id, _]) = claimed();
    for other in [asked("/api/orders", "abc"), asked("/api/tickets", "abd")] {
        assert_eq!(exchange.claim_again(&other, id, now() + LEASE), Outcome::Unchanged);
        assert_eq!(exchange.found_by(&other), Found::Reused);
    }
    assert!(exchange.finish(now(), Some(kept())).is_changed());
    assert_eq!(exchange.found_by(&asked("/api/tickets", "abd")), Found::Reused);
}

#[test]
fn a_request_that_died_is_made_again_under_the_same_id() {
    let (asked, mut exchange, [id, _]) = claimed();
    let (first, later) = (exchange.new_id, now() + LEASE);
    assert_eq!(exchange.claim_again(&asked, id, later - Duration::from_millis(1)), Outcome::Unchanged);
    assert!(exchange.claim_again(&asked, id, later).is_changed());
    assert_eq!(exchange.new_id, first);
    assert_eq!(exchange.finish(now(), Some(kept())), Outcome::Unchanged, "it was not dead, but its claim is lost");
    assert!(exchange.finish(later, Some(kept())).is_changed());
}

#[test]
fn a_key_whose_answer_is_not_kept_is_free() {
    let (asked_first, mut exchange, [second, third]) = claimed();
    let first = exchange.new_id;
    assert!(exchange.finish(now(), None).is_changed());
    assert!(exchange.claim_again(&asked_first, second, now()).is_changed());
    assert_eq!(exchange.new_id, first, "it may have acted in spite of its answer");
    assert!(exchange.finish(now(), None).is_changed());
    let other = asked("/api/tickets", "abd");
    assert!(exchange.claim_again(&other, third, now()).is_changed());
    assert_eq!(exchange.new_id, third, "this is another thing");
    assert_eq!(exchange.found_by(&asked_first), Found::Reused);
}

#[test]
fn an_exchange_is_stored_in_words_that_stay() {
    let (_, mut exchange, _) = claimed();
    let json = |exchange: &Exchange| serde_json::to_value(exchange).expect("serialises");
    assert_eq!(json(&exchange)["phase"], "claimed");
    assert_eq!(json(&exchange)[CLAIMED_AT], serde_json::json!(now()));
    assert!(exchange.finish(now(), Some(kept())).is_changed());
    assert_eq!(json(&exchange)["phase"], "answered");
    assert_eq!(json(&exchange)["answer"], serde_json::from_str::<serde_json::Value>(KEPT).expect("JSON"));
    assert_eq!(serde_json::from_value::<Exchange>(json(&exchange)).expect("reads back"), exchange);
}
