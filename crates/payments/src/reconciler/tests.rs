use std::time::Duration;

use common::events::{PaymentCreated, PaymentFailed};
use serde_json::json;
use stripe_sim::{Call, Failure, Moment, Processed};
use tokio_util::sync::CancellationToken;

use crate::Settings;
use crate::domain::{Order, Payment, PaymentToken};
use crate::state::PaymentsState;
use crate::testing::{A_WHILE, WINDOW, World, brisk, code, impatient};

/// A Stripe that is not waited for long, and tells nothing by itself: only the reconciler finds out, as soon as the
/// clock is advanced.
async fn without_webhooks() -> World {
    let world = World::with(Settings { reconcile_every: A_WHILE, ..impatient() }).await;
    world.sim.faults().hold_webhooks(true);
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_goes_wrong_with_a_call_the_order_is_charged_once() {
    for call in [Call::CreateIntent, Call::Capture] {
        for moment in [Moment::Before, Moment::After] {
            for failure in [Failure::Hang, Failure::ServerError, Failure::Disconnect] {
                let world = without_webhooks().await;
                let ada = world.app.user();
                let order = world.order(&ada).await;
                world.sim.faults().plan(call, moment, failure.clone());
                let reply = world.pay(&ada, order, "tok_visa").await;
                assert_eq!(reply.status, 503, "{call:?} {moment:?} {failure:?}: {:?}", reply.body);
                assert_eq!(code(&reply), "payment_unresolved");
                assert!(reply.messages()[0].contains("being checked"));
                world.reconcile().await;
                assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1, "{call:?} {moment:?} {failure:?}");
                assert_eq!(world.ledger().await.intents.len(), 1);
                world.assert_money(2050, 0).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_outcome_is_unknown_nobody_pays_again() {
    let world = without_webhooks().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    world.sim.faults().plan(Call::Capture, Moment::After, Failure::Disconnect);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    let again = world.pay(&ada, order, "tok_visa").await;
    assert_eq!((again.status, code(&again)), (400, "being_paid"));
    assert_eq!(again.messages(), ["Order is already being paid"]);
    world.reconcile().await;
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_authorised_in_time_but_found_too_late_is_given_up() {
    for call in [Call::CreateIntent, Call::Capture] {
        let world = without_webhooks().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        let moment = if call == Call::Capture { Moment::Before } else { Moment::After };
        world.sim.faults().plan(call, moment, Failure::Disconnect);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
        world.app.clock.advance(WINDOW);
        world.finished().await;
        let published = world.app.published::<PaymentFailed>().await;
        assert_eq!(published.len(), 1, "{call:?}: {:?}", world.payment(order).await);
        assert_eq!(published[0].reason, "Order has expired");
        assert_eq!(world.ledger().await.intents[0].status, "canceled");
        world.assert_money(0, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_while_the_outcome_is_unknown_leaves_no_money_behind() {
    for (call, moment) in [
        (Call::CreateIntent, Moment::Before),
        (Call::CreateIntent, Moment::After),
        (Call::Capture, Moment::Before),
        (Call::Capture, Moment::After),
    ] {
        let world = without_webhooks().await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        world.sim.faults().plan(call, moment, Failure::Disconnect);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
        world.cancel(order, 1).await;
        world.reconcile().await;
        let ledger = world.ledger().await;
        assert_eq!(ledger.captured(), ledger.refunded(), "{call:?} {moment:?}");
        world.assert_money(ledger.captured(), ledger.captured()).await;
        assert_eq!(world.app.published::<PaymentCreated>().await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_first_call_is_made_good() {
    let world = World::start().await;
    let ada = world.app.user();
    let id = world.order(&ada).await;
    let order = world.app.deps.store::<Order>().get(id).await.expect("reads").expect("an order");
    let now = world.app.clock.now();
    let token = PaymentToken::parse(&json!("tok_visa")).expect("a token");
    let started = Payment::start(&order, world.app.deps.platform.ids.next(now), token, now);
    world.app.deps.store::<Payment>().insert(started, &()).await.expect("stores");
    world.app.clock.advance(A_WHILE);
    world.finished().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_replicas_reconcile_without_doing_it_twice() {
    let world = without_webhooks().await;
    let ada = world.app.user();
    let shutdown = CancellationToken::new();
    for _ in 0..4 {
        let order = world.order(&ada).await;
        world.sim.faults().plan(Call::Capture, Moment::After, Failure::Disconnect);
        assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    }
    world.start_replicas(3, &shutdown);
    world.app.clock.advance(A_WHILE);
    world.finished().await;
    shutdown.cancel();
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 4);
    world.assert_money(4 * 2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_that_find_a_payment_one_works_on_it() {
    let world = World::with(Settings { reconcile_every: Duration::from_secs(3600), ..impatient() }).await;
    let (ada, faults) = (world.app.user(), world.sim.faults());
    let order = world.order(&ada).await;
    faults.hold_webhooks(true);
    faults.plan(Call::Capture, Moment::After, Failure::Disconnect);
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    world.app.clock.advance(A_WHILE);
    let replica = || PaymentsState::new(&world.app.deps, world.settings.clone()).reconciler.clone();
    let (first, second) = (replica(), replica());
    let held = faults.hold(Call::RetrieveIntent, Moment::Before);
    let (finished, ()) = tokio::join!(first.reconcile(order), async {
        held.reached().await;
        second.reconcile(order).await.expect("nothing to do");
        held.release();
    });
    finished.expect("finishes");
    assert_eq!(faults.calls(Call::RetrieveIntent), 1);
    world.finished().await;
    world.assert_money(2050, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_stripe_is_away_nothing_is_assumed() {
    let world = without_webhooks().await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    for _ in 0..3 {
        world.sim.faults().plan(Call::CreateIntent, Moment::Before, Failure::Disconnect);
    }
    assert_eq!(world.pay(&ada, order, "tok_visa").await.status, 503);
    world.app.settle().await;
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 0);
    world.reconcile().await;
    assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
    world.assert_money(2050, 0).await;
}

/// A simulated Stripe whose webhooks wait, and no reconciler but the one that a test calls.
async fn by_hand(settings: Settings) -> World {
    let world = World::by_hand(settings).await;
    world.sim.faults().hold_webhooks(true);
    world
}

/// Something in front of Stripe fails, again and again: nobody says what became of the first call.
fn fail_forever(world: &World, first: Moment) {
    world.sim.faults().plan(Call::CreateIntent, first, Failure::ServerError);
    for _ in 0..1000 {
        world.sim.faults().plan(Call::CreateIntent, Moment::Before, Failure::ServerError);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_that_fails_again_and_again_ends_some_minutes_after_its_order() {
    let world = by_hand(impatient()).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    fail_forever(&world, Moment::Before);
    assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
    let mut checks = 0;
    while world.payment(order).await.is_some_and(|payment| payment.state.is_unfinished()) {
        world.check(order).await;
        checks += 1;
        assert!(checks < 40, "{:?}", world.payment(order).await);
    }
    let payment = world.payment(order).await.expect("a payment");
    let over = world.app.clock.now().since(payment.deadline);
    assert!((300..=420).contains(&over.as_secs()), "{over:?} after its order");
    assert_eq!(world.app.published::<PaymentFailed>().await.len(), 1);
    assert_eq!(world.money(&ada, order).await.body["status"], "not_charged");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_tells_of_an_attempt_that_ended_without_an_answer_is_given_up() {
    for is_cancelled in [false, true] {
        let world = by_hand(impatient()).await;
        let ada = world.app.user();
        let order = world.order(&ada).await;
        fail_forever(&world, Moment::After);
        assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
        if is_cancelled {
            world.cancel(order, 1).await;
        }
        while world.payment(order).await.is_some_and(|payment| payment.state.is_unfinished()) {
            world.check(order).await;
        }
        assert_eq!(world.ledger().await.intents[0].status, "requires_capture");
        world.sim.faults().hold_webhooks(false);
        world.until(async || world.ledger().await.intents[0].status == "canceled").await;
        assert_eq!(world.money(&ada, order).await.body["status"], "not_charged");
        world.assert_money(0, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_after_the_attempt_has_ended_is_given_up() {
    let world = by_hand(brisk()).await;
    let ada = world.app.user();
    let order = world.order(&ada).await;
    let held = world.sim.faults().hold(Call::CreateIntent, Moment::After);
    let (reply, ()) = tokio::join!(world.pay(&ada, order, "tok_visa"), async {
        held.reached().await;
        world.app.clock.advance(WINDOW * 2);
        world.state().reconciler.reconcile(order).await.expect("reconciles");
        held.release();
    });
    assert_eq!((reply.status, code(&reply)), (400, "order_expired"));
    assert_eq!(world.ledger().await.intents[0].status, "canceled");
    world.assert_money(0, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_tells_of_a_call_without_an_answer_is_acted_upon_at_once() {
    for call in [Call::CreateIntent, Call::Capture] {
        for is_told_before in [true, false] {
            let settings = Settings { call_timeout: Duration::from_secs(1), ..impatient() };
            let world = World::by_hand(settings).await;
            let ada = world.app.user();
            let order = world.order(&ada).await;
            world.sim.faults().hold_webhooks(!is_told_before);
            world.sim.faults().plan(call, Moment::After, Failure::Hang);
            let reply = world.pay(&ada, order, "tok_visa").await;
            if is_told_before {
                assert_eq!(reply.status, 201, "{call:?}: {:?}", reply.body);
            } else {
                assert_eq!(code(&reply), "payment_unresolved", "{call:?}");
                world.sim.faults().hold_webhooks(false);
            }
            world.until(async || world.told(&ada, order).await == "captured").await;
            assert_eq!(world.ledger().await.intents.len(), 1);
            world.assert_money(2050, 0).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_webhook_authorises_is_captured_at_once_whoever_waits_for_an_answer() {
    for is_processing in [true, false] {
        let world = World::by_hand(brisk()).await;
        let (ada, faults) = (world.app.user(), world.sim.faults());
        let order = world.order(&ada).await;
        if is_processing {
            faults.next_intent_is_processing();
            assert_eq!(code(&world.pay(&ada, order, "tok_visa").await), "payment_unresolved");
            let intent = &world.ledger().await.intents[0].id;
            world.sim.finish_processing(intent, Processed::Granted).await.expect("it was processing");
            world.until(async || world.told(&ada, order).await == "captured").await;
        } else {
            let held = faults.hold(Call::CreateIntent, Moment::After);
            let (reply, ()) = tokio::join!(world.pay(&ada, order, "tok_visa"), async {
                held.reached().await;
                world.until(async || world.told(&ada, order).await == "captured").await;
                held.release();
            });
            assert_eq!(reply.status, 201, "{:?}", reply.body);
        }
        world.app.settle().await;
        assert_eq!(world.app.published::<PaymentCreated>().await.len(), 1);
        world.assert_money(2050, 0).await;
    }
}
