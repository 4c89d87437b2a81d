//! Forgets people: what was to be told to them, who bought what they bought, and which addresses of theirs were refused.

use common::id::UserId;
use futures::TryStreamExt;
use ports::store::StoreError;
use runtime::BackgroundTask;
use runtime::erasure::Erasures;

use crate::domain::Order;
use crate::state::MailState;
use crate::store::{addresses_of, orders_of, to};

/// How many orders forget their buyer at the same time.
const CONCURRENCY: usize = 16;

pub(super) fn task(erasures: &Erasures, state: MailState) -> BackgroundTask {
    erasures.task(move |person| forget(state.clone(), person))
}

/// What is on its way to them is not told any more, as auth knows nobody to tell it to.
async fn forget(state: MailState, person: UserId) -> Result<(), StoreError> {
    let orders = state.orders.find(&orders_of(person)).await?;
    let forget = |id| {
        let orders = state.orders.clone();
        async move { orders.update(id, |order: &mut Order, _| Ok::<_, StoreError>(order.forget_buyer())).await.map(drop) }
    };
    let orders = futures::stream::iter(orders.into_iter().map(|order| Ok::<_, StoreError>(order.id)));
    orders.try_for_each_concurrent(CONCURRENCY, forget).await?;
    state.messages.purge(&to(person)).await?;
    state.refused.purge(&addresses_of(person)).await?;
    state.settings.transport.forget(person);
    Ok(())
}

#[cfg(test)]
mod tests {
    use common::events::{RefundStatus, UserErased};

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn nothing_that_is_kept_says_who_somebody_was_who_is_erased() {
        let app = start().await;
        let order = app.ordered().await;
        let person = order.user_id;
        app.publish("orders", &order_completed(&order)).await;
        app.until_state(&format!("bought.{}.{person}", order.id), "sent").await;
        app.script(Reply::NobodyThere);
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Succeeded)).await;
        app.settle().await;
        app.until_state(&format!("refunded.{}.re_1.{person}", order.id), "refused").await;
        assert!(app.everything_kept().await.contains(&person.to_string()));

        app.know_nobody();
        app.publish("users", &UserErased { user_id: person }).await;
        app.until_forgotten(person).await;
        // What happens to the order later concerns nobody, and is no fault.
        app.publish("payments", &refund(&order, "re_2", RefundStatus::Succeeded)).await;
        app.settle().await;
        assert!(!app.everything_kept().await.contains(&person.to_string()));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_heard_of_after_the_erasure_is_forgotten_too() {
        let app = start().await;
        app.know_nobody();
        let order = app.order();
        app.publish("users", &UserErased { user_id: order.user_id }).await;
        app.settle().await;
        app.publish("orders", &order).await;
        app.publish("orders", &order_completed(&order)).await;
        app.settle().await;
        // The same again wakes whoever looks for traces.
        app.publish("users", &UserErased { user_id: order.user_id }).await;
        app.until_forgotten(order.user_id).await;
    }
}
