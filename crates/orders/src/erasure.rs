//! Somebody is forgotten: their orders stay as amounts, and as what was bought.

use common::id::UserId;
use common::version::Versioned;
use ports::store::{Condition, Query, StoreError};
use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::domain::Order;
use crate::state::OrdersState;
use crate::store::fields;

/// What does it.
pub(crate) fn task(erasures: &Erasures, state: &OrdersState) -> BackgroundTask {
    let state = state.clone();
    erasures.task(move |user| forget(state.clone(), user))
}

/// The orders of somebody.
pub(crate) async fn orders_of(state: &OrdersState, buyer: UserId) -> Result<Vec<Versioned<Order>>, StoreError> {
    let of_buyer = Condition::Equals(fields::USER_ID, buyer.to_string().into());
    state.orders.find(&Query::all(vec![of_buyer])).await
}

async fn forget(state: OrdersState, user: UserId) -> Result<(), StoreError> {
    for order in orders_of(&state, user).await? {
        state.orders.update(order.id, |order, _| Ok::<_, StoreError>(order.forget_buyer())).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use common::events::{PaymentRefunded, RefundStatus, UserErased};
    use common::id::{OrderId, UserId};

    use crate::testing::*;

    async fn is_forgotten(app: &App, order: OrderId) -> bool {
        app.stored(order).await.user_id == UserId::NOBODY
    }

    async fn until_forgotten(app: &App, order: OrderId) {
        harness::within(async {
            while !is_forgotten(app, order).await {
                tokio::time::sleep(std::time::Duration::from_millis(2)).await;
            }
        })
        .await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_orders_of_who_was_erased_stay_without_them() {
        let app = start().await;
        let (ada, paid) = app.placed_order().await;
        app.pay(paid).await;
        let cancelled = app.placed_order_of(&ada).await;
        assert_eq!(app.delete(&format!("/api/orders/{cancelled}")).by(&ada).send().await.status, 204);
        let (_, of_another) = app.placed_order().await;
        let before = app.stored(paid).await;
        app.publish("users", &UserErased { user_id: ada.id }).await;
        until_forgotten(&app, paid).await;
        until_forgotten(&app, cancelled).await;
        let after = app.stored(paid).await;
        assert_eq!((after.version, &after.ticket), (before.version, &before.ticket), "nobody else is told");
        assert!(!is_forgotten(&app, of_another).await);
        let reply = app.get(&format!("/api/orders/{paid}")).by(&ada).send().await;
        assert_eq!(reply.status, 401, "it is nobody's");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_still_under_way_is_forgotten_later() {
        let app = start().await;
        let (ada, order) = app.placed_order().await;
        app.pay(order).await;
        let refund = |status| {
            let stripe_refund_id = "re_1".to_owned();
            PaymentRefunded { order_id: order, amount: price(2050), stripe_refund_id, status, refunds: Vec::new() }
        };
        app.publish("payments", &refund(RefundStatus::Pending)).await;
        app.settle().await;
        app.publish("users", &UserErased { user_id: ada.id }).await;
        app.settle().await;
        assert!(!is_forgotten(&app, order).await);
        app.publish("payments", &refund(RefundStatus::Succeeded)).await;
        app.settle().await;
        // The same again wakes whoever looks for traces.
        app.publish("users", &UserErased { user_id: ada.id }).await;
        until_forgotten(&app, order).await;
    }
}
