//! Somebody is forgotten: what was paid and given back stays, without whose it was and with which card.

use common::id::UserId;
use ports::store::{Condition, Query, StoreError};
use runtime::BackgroundTask;
use runtime::erasure::Erasures;
use runtime::store::UpdateContext;

use crate::domain::{Order, Payment};
use crate::state::PaymentsState;
use crate::store::BUYER;

/// What does it.
pub(crate) fn task(erasures: &Erasures, state: &PaymentsState) -> BackgroundTask {
    let state = state.clone();
    erasures.task(move |user| forget(state.clone(), user))
}

async fn forget(state: PaymentsState, buyer: UserId) -> Result<(), StoreError> {
    let of_buyer = Condition::Equals(BUYER, buyer.to_string().into());
    for order in state.orders.find(&Query::all(vec![of_buyer])).await? {
        let forget_card = |payment: &mut Payment, cx: UpdateContext| Ok::<_, StoreError>(payment.forget_card(cx.now));
        // Judged by what is there once the card is gone: a look beforehand would miss a refund that begins meanwhile.
        let is_at_rest = match state.payments.update(order.id, forget_card).await? {
            Some(payment) => payment.aggregate.is_at_rest(state.clock.now()),
            None => !order.status.is_open(),
        };
        if !is_at_rest {
            continue;
        }
        // Last: by this the rest is found.
        state.orders.update(order.id, |order: &mut Order, _| Ok::<_, StoreError>(order.forget_buyer())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::UserErased;
    use common::id::{OrderId, UserId};
    use harness::within;

    use crate::domain::Order;
    use crate::testing::stripe::{list, refund};
    use crate::testing::*;

    async fn buyer_of(world: &World, order: OrderId) -> UserId {
        world.app.deps.store::<Order>().get(order).await.expect("reads").expect("is there").user_id
    }

    async fn until_forgotten(world: &World, order: OrderId) {
        within(async {
            while buyer_of(world, order).await != UserId::NOBODY {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_paid_stays_without_the_buyer_and_their_card() {
        let world = World::start().await;
        let ada = world.app.user();
        let paid = world.order(&ada).await;
        assert_eq!(world.pay(&ada, paid, "tok_visa").await.status, 201);
        let of_another = world.order(&world.app.user()).await;
        let before = world.payment(paid).await.expect("a payment");
        assert!(before.card.is_some());
        world.app.publish("users", &UserErased { user_id: ada.id }).await;
        until_forgotten(&world, paid).await;
        let after = world.payment(paid).await.expect("a payment");
        assert_eq!((after.card.as_ref(), after.amount, &after.state), (None, before.amount, &before.state));
        assert_ne!(buyer_of(&world, of_another).await, UserId::NOBODY);
        assert_eq!(world.money(&ada, paid).await.status, 401, "it is nobody's");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_order_that_may_still_be_paid_keeps_its_buyer() {
        let world = World::start().await;
        let ada = world.app.user();
        let open = world.order(&ada).await;
        world.app.publish("users", &UserErased { user_id: ada.id }).await;
        world.app.settle().await;
        assert_eq!(buyer_of(&world, open).await, ada.id);
    }
    #[tokio::test(flavor = "multi_thread")]
    async fn a_refund_keeps_its_buyer_until_the_money_is_back() {
        let Scripted { world, stripe, ada, order } = Scripted::paid().await;
        stripe.answers("POST /v1/refunds", [(200, refund("re_1", 2050, "pending"))]);
        world.cancel(order, 1).await;
        assert_eq!(world.told(&ada, order).await, "refund_pending");
        world.app.publish("users", &UserErased { user_id: ada.id }).await;
        world.app.settle().await;
        assert_eq!(buyer_of(&world, order).await, ada.id);

        let given_back = refund("re_1", 2050, "succeeded");
        stripe.answers("GET /v1/refunds", [(200, list(std::slice::from_ref(&given_back)))]);
        stripe.answers("GET /v1/refunds/re_1", [(200, given_back)]);
        world.check(order).await;
        world.app.publish("users", &UserErased { user_id: ada.id }).await;
        until_forgotten(&world, order).await;
    }
}
