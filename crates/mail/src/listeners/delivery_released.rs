use common::events::DeliveryReleased;
use runtime::listener::{Age, Handled};

use super::{NOT_HEARD_OF, tell_buyer};
use crate::domain::OrderMatter;
use crate::state::MailState;

/// Tells the buyer that their ticket is here, if it was to come later.
pub(super) async fn handle(state: MailState, event: DeliveryReleased, age: Age) -> Handled {
    let order = state.orders.get(event.order_id).await?.ok_or(NOT_HEARD_OF)?;
    if !order.is_told_of_delivery() {
        return Ok(());
    }
    tell_buyer(&state, &order, OrderMatter::Delivered, age).await
}

#[cfg(test)]
mod tests {
    use common::delivery::{DeliveryPromise, Seal};
    use common::events::{CancelReason, DeliveryReleased, OrderCreated};
    use common::version::Version;

    use crate::testing::*;

    fn released(order: &OrderCreated) -> DeliveryReleased {
        let OrderCreated { id: order_id, user_id, ref ticket, .. } = *order;
        DeliveryReleased { order_id, version: Version(1), ticket_id: ticket.id, user_id }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_buyer_is_told_once_that_their_ticket_is_here() {
        let app = start().await;
        let mut order = app.order();
        order.ticket.details.delivery = Some(DeliveryPromise::Later { until: order.expires_at });
        // It may overtake all that is heard of the order itself.
        app.publish("deliveries", &released(&order)).await;
        app.publish("orders", &order).await;
        app.publish("deliveries", &released(&order)).await;
        app.settle().await;
        let mails = app.until_told(1).await;
        assert_eq!(mails[0].subject, "Your ticket is here: Front row");
        assert!(mails[0].text.contains(&format!("/orders/{}", order.id)), "{}", mails[0].text);
        app.told_no_more(1).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn who_has_bought_what_is_here_is_told_once() {
        let app = start().await;
        for promise in [
            DeliveryPromise::Sealed { seal: Seal(1), checked: true },
            DeliveryPromise::Ours { seal: Seal(1), bought_by: None },
        ] {
            let mut order = app.order();
            order.ticket.details.delivery = Some(promise);
            app.publish("orders", &order).await;
            app.publish("orders", &order_completed(&order)).await;
            app.publish("deliveries", &released(&order)).await;
            app.settle().await;
        }
        let mails = app.until_told(2).await;
        for mail in mails {
            assert_eq!(mail.subject, "Your ticket: Front row");
            assert!(mail.text.replace('\n', " ").contains("You find it on your order's page"), "{}", mail.text);
        }
        app.told_no_more(2).await;
        assert_eq!(app.dead_letters().await, Vec::<String>::new());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_off_by_then_is_not_here() {
        let app = start().await;
        let order = app.ordered().await;
        app.publish("orders", &order_cancelled(&order, CancelReason::ByBuyer)).await;
        app.settle().await;
        app.publish("deliveries", &released(&order)).await;
        app.settle().await;
        app.told_no_more(0).await;
    }
}
