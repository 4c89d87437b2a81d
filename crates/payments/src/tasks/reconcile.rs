use runtime::BackgroundTask;

use crate::state::PaymentsState;

/// Finishes what crashes and silences of Stripe have left unfinished, at the start and then periodically, and also
/// at the deadline of each order whose buyer is at their bank.
pub(super) fn task(state: &PaymentsState) -> BackgroundTask {
    let (reconciler, deadlines, clock) = (state.reconciler.clone(), state.deadlines.clone(), state.clock.clone());
    let reconcile = move || {
        let reconciler = reconciler.clone();
        async move { reconciler.reconcile_due().await }
    };
    BackgroundTask::timed("reconcile", state.settings.reconcile_every, clock, deadlines, reconcile)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::PaymentFailed;
    use common::id::OrderId;
    use harness::TestUser;
    use tokio_util::sync::CancellationToken;

    use crate::Settings;
    use crate::testing::{PERIODIC_TASKS, WINDOW, World, brisk};

    /// Settings under which only the timer can be what looks at a payment in time.
    fn patient() -> Settings {
        Settings { reconcile_every: Duration::from_secs(1_000_000), ..brisk() }
    }

    /// An order whose buyer is at their bank.
    async fn at_the_bank(world: &World, buyer: &TestUser) -> OrderId {
        let order = world.order(buyer).await;
        let reply = world.pay(buyer, order, "tok_threeDSecure2Required").await;
        assert_eq!(reply.status, 202, "{:?}", reply.body);
        order
    }

    /// Of this many orders, each is given up at the bank, and nobody pays for it any more.
    async fn all_are_given_up(world: &World, count: usize) {
        world.finished().await;
        let intents = world.ledger().await.intents;
        assert_eq!(intents.len(), count);
        assert!(intents.iter().all(|intent| intent.status == "canceled"), "{intents:?}");
        let failed = world.app.published::<PaymentFailed>().await;
        assert_eq!(failed.len(), count);
        assert!(failed.iter().all(|event| event.reason == "Order has expired"), "{failed:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_bank_waits_for_is_given_up_the_moment_its_order_is_due() {
        let world = World::with(patient()).await;
        let ada = world.app.user();
        at_the_bank(&world, &ada).await;
        world.app.clock.advance(WINDOW / 2);
        at_the_bank(&world, &ada).await;
        // Orders waits a moment for news, and then frees the ticket.
        world.app.clock.advance(WINDOW / 2);
        world.until(async || world.ledger().await.intents[0].status == "canceled").await;
        assert_eq!(world.ledger().await.intents[1].status, "requires_action", "its buyer has time left");
        world.app.clock.advance(WINDOW / 2);
        all_are_given_up(&world, 2).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_process_that_starts_later_gives_it_up_as_punctually() {
        let world = World::by_hand(patient()).await;
        at_the_bank(&world, &world.app.user()).await;
        let shutdown = CancellationToken::new();
        world.start_replicas(1, &shutdown);
        // It has looked for what is due, which is nothing, when its tasks sleep, too.
        let idle = PERIODIC_TASKS - 1 + PERIODIC_TASKS + harness::PERIODIC_TASKS;
        world.until(async || world.app.clock.sleepers() >= idle).await;
        world.app.clock.advance(WINDOW);
        all_are_given_up(&world, 1).await;
        shutdown.cancel();
    }
}
