use common::events::UserErased;
use futures::TryStreamExt;
use runtime::listener::{Handled, ListenError};

use crate::domain::Order;
use crate::state::MailState;
use crate::store::{addresses_of, orders_of, to};

/// How many orders forget their buyer at the same time.
const CONCURRENCY: usize = 16;

/// Forgets a person: what was to be told to them, who bought what they bought, and which addresses of theirs were
/// refused. What is on its way to them is not told any more, as auth knows nobody to tell it to.
pub(super) async fn handle(state: MailState, event: UserErased) -> Handled {
    let person = event.user_id;
    let orders = state.orders.find(&orders_of(person)).await?;
    let forget = |id| {
        let orders = state.orders.clone();
        async move { orders.update(id, |order: &mut Order, _| Ok::<_, ListenError>(order.forget_buyer())).await.map(drop) }
    };
    let orders = futures::stream::iter(orders.into_iter().map(|order| Ok::<_, ListenError>(order.id)));
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
        app.publish("orders", &completion(&order)).await;
        app.until_state(&format!("bought.{}.{person}", order.id), "sent").await;
        app.script(Reply::NobodyThere);
        app.publish("payments", &refund(&order, "re_1", RefundStatus::Succeeded)).await;
        app.settle().await;
        app.until_state(&format!("refunded.{}.re_1.{person}", order.id), "refused").await;
        assert!(app.everything_kept().await.contains(&person.to_string()));
        app.know_nobody();
        app.publish("users", &UserErased { user_id: person }).await;
        app.settle().await;
        assert!(!app.everything_kept().await.contains(&person.to_string()));
        // What happens to the order later concerns nobody, and is no fault.
        app.publish("payments", &refund(&order, "re_2", RefundStatus::Succeeded)).await;
        app.settle().await;
        assert!(!app.everything_kept().await.contains(&person.to_string()));
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }
}
