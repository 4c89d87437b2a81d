//! Who tries too many cards.

use std::time::Duration;

use harness::Reply;
use runtime::limits::Rate;
use stripe_sim::Call;

use crate::Settings;
use crate::settings::AttemptRates;
use crate::testing::{World, brisk, code};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How many attempts the provider has seen.
fn seen(world: &World) -> usize {
    world.sim.faults().calls(Call::CreateIntent)
}

fn with(rates: AttemptRates) -> Settings {
    Settings { limits: rates, attempts: 10, ..brisk() }
}

fn rate(burst: u32) -> Option<Rate> {
    Some(Rate { burst, per: HOUR })
}

fn assert_told(refused: &Reply, expected: &str, minutes: u64) {
    assert_eq!((refused.status, code(refused)), (429, expected), "{:?}", refused.body);
    assert_eq!(refused.headers["retry-after"], (minutes * 60).to_string());
    let words = refused.messages()[0];
    assert!(words.contains(&format!("in {minutes} minutes")) && words.contains("not charged"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_the_provider_can_make_nothing_of_count_too() {
    let world = World::limited(with(AttemptRates { order: rate(5), declines: None, ..AttemptRates::default() })).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    for _ in 0..5 {
        assert_eq!(code(&world.pay(&ada, order, "tok_madeUp").await), "payment_rejected");
    }
    let before = seen(&world);
    for _ in 0..20 {
        assert_told(&world.pay(&ada, order, "tok_madeUp").await, "too_many_payments", 12);
    }
    assert_eq!(seen(&world), before, "the provider is not asked");
    let other = world.order(&ada).await;
    assert_eq!(world.pay(&ada, other, "tok_visa").await.status, 201, "another order is another matter");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_and_an_address_have_so_many_attempts_whatever_the_order() {
    for rates in [
        AttemptRates { user: rate(3), declines: None, ..AttemptRates::default() },
        AttemptRates { address: rate(3), declines: None, ..AttemptRates::default() },
    ] {
        let is_of_user = rates.user == rate(3);
        let world = World::limited(with(rates)).await;
        let ada = world.app.user();
        for _ in 0..3 {
            let order = world.order(&ada).await;
            assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
        }
        let order = world.order(&ada).await;
        assert_told(&world.pay(&ada, order, "tok_visa").await, "too_many_payments", 20);
        let bob = world.app.user();
        let order = world.order(&bob).await;
        assert_eq!(world.pay(&bob, order, "tok_visa").await.status == 201, is_of_user);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_cards_are_refused_too_often_does_not_pay_for_a_while() {
    let world = World::limited(with(AttemptRates { declines: rate(4), ..AttemptRates::default() })).await;
    let ada = world.app.user();
    for token in ["tok_chargeDeclined", "tok_madeUp", "tok_chargeDeclined", "tok_madeUp"] {
        let order = world.order(&ada).await;
        assert!([400, 402].contains(&world.pay(&ada, order, token).await.status));
    }
    let before = seen(&world);
    let order = world.order(&ada).await;
    assert_told(&world.pay(&ada, order, "tok_visa").await, "too_many_declines", 15);
    assert_eq!(seen(&world), before);
    let bob = world.app.user();
    let his = world.order(&bob).await;
    assert_eq!(world.pay(&bob, his, "tok_visa").await.status, 201);
    world.app.clock.advance(HOUR / 4);
    let order = world.order(&ada).await;
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201, "a while has passed");
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_provider_takes_no_more_attempts_wait_and_refunds_do_not() {
    // The clock stands still: there is no room again until it moves on.
    // One address alone may use up what all may try.
    let rates = AttemptRates { provider_calls: 4, address: None, ..AttemptRates::default() };
    let world = World::limited(with(rates)).await;
    // They would be looked into, with calls of their own.
    world.sim.faults().hold_webhooks(true);
    let ada = world.app.user();
    let (first, second, third) = (world.order(&ada).await, world.order(&ada).await, world.order(&ada).await);
    for order in [first, second] {
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 201);
    }
    let refused = world.pay(&ada, third, "tok_visa").await;
    assert_eq!((refused.status, code(&refused)), (503, "payments_busy"));
    assert_eq!(refused.headers["retry-after"], "1");
    world.cancel(first, 1).await;
    world.finished().await;
    world.assert_money(2 * 2050, 2050).await;
    assert_eq!(seen(&world), 2);
    world.app.clock.advance(Duration::from_secs(2));
    assert_eq!(world.pay(&ada, third, "tok_visa").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_tries_cards_from_one_address_leaves_room_for_others() {
    // The clock stands still: eight calls are four attempts, of which two may come from one address.
    let world = World::limited(with(AttemptRates { provider_calls: 8, ..AttemptRates::default() })).await;
    world.sim.faults().hold_webhooks(true);
    let mut answers = Vec::new();
    for _ in 0..4 {
        let tester = world.app.user();
        let order = world.order(&tester).await;
        answers.push(world.pay_from("6.6.6.6", &tester, order, "tok_madeUp").await);
    }
    let codes: Vec<&str> = answers.iter().map(code).collect();
    assert_eq!(codes, ["payment_rejected", "payment_rejected", "too_many_payments", "too_many_payments"]);
    assert_eq!((answers[3].status, &answers[3].headers["retry-after"]), (429, &"1".parse().expect("a header")));
    assert_eq!(seen(&world), 2);
    let ada = world.app.user();
    let order = world.order(&ada).await;
    assert_eq!(world.pay_from("1.1.1.1", &ada, order, "tok_visa").await.status, 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_networks_of_one_subscriber_try_cards_together() {
    let world = World::limited(with(AttemptRates { address: rate(2), ..AttemptRates::default() })).await;
    let pay_from = async |address: &str| {
        let ada = world.app.user();
        let order = world.order(&ada).await;
        world.pay_from(address, &ada, order, "tok_visa").await
    };
    for network in 0..4 {
        assert_eq!(pay_from(&format!("2001:db8:1:1{network:02x}::1")).await.status, 201, "as many as twice an address");
    }
    assert_eq!(code(&pay_from("2001:db8:1:1ff::1").await), "too_many_payments");
    assert_eq!(pay_from("2001:db8:2:1ff::1").await.status, 201, "another subscriber");
}
