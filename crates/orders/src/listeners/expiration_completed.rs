use common::events::ExpirationCompleted;
use common::outcome::Outcome;
use runtime::listener::{Handled, ListenError};

use crate::domain::{Expiry, NotYet};
use crate::state::OrdersState;

/// Cancels the order if it is still unpaid and its time is up by our own clock. One whose payment is being taken
/// waits a moment for news of it: the event comes again.
///
/// An early event changes nothing and comes again, too: with the listener's delays (20 ms, doubled
/// up to 30 s, 200 deliveries) for over an hour. The clock of the expiration service may be
/// that much ahead of ours; an event that is earlier still becomes a dead letter, which an
/// operator sees and can replay.
pub(super) async fn handle(state: OrdersState, event: ExpirationCompleted) -> Handled {
    match super::outcome_of_update(&state, event.order_id, |order, cx| Ok(order.expire(cx.now)?)).await? {
        Outcome::Changed(Expiry::AwaitsNews) => Err(NotYet::AwaitsNews.into()),
        Outcome::Changed(Expiry::Cancelled(_)) | Outcome::Unchanged => Ok(()),
    }
}

impl From<NotYet> for ListenError {
    fn from(why: NotYet) -> Self {
        match why {
            NotYet::NotDue => Self::NotYet("the order is not due yet"),
            NotYet::AwaitsNews => Self::NotYet("the order awaits news of its payment"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use common::events::{CancelReason, ExpirationCompleted, OrderCancelled, PaymentStarted};
    use common::order_status::OrderStatus;
    use common::version::Version;
    use runtime::listener::ListenError;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn an_unpaid_order_is_cancelled_once_when_it_is_due() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.clock.advance(WINDOW);
        for _ in 0..2 {
            app.publish("expiration", &ExpirationCompleted { order_id }).await;
        }
        app.settle().await;
        let order = app.get(&format!("/api/orders/{order_id}")).by(&buyer).send().await.body;
        assert_eq!((&order["status"], &order["reason"]), (&"cancelled".into(), &"expired".into()));
        let published = app.published::<OrderCancelled>().await;
        assert_eq!(published.len(), 1);
        assert_eq!((published[0].reason, published[0].version), (CancelReason::Expired, Version(1)));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_paid_in_time_is_not_lost_while_news_of_it_are_on_their_way() {
        for is_paid in [true, false] {
            let app = start().await;
            let (_, order_id) = app.placed_order().await;
            app.publish("payments", &PaymentStarted { order_id, attempt: 1 }).await;
            app.settle().await;
            app.clock.advance(WINDOW);
            let event = ExpirationCompleted { order_id };
            for _ in 0..2 {
                let waits = super::handle(app.state(), event.clone()).await;
                assert!(matches!(waits, Err(ListenError::NotYet(_))), "{waits:?}");
            }
            if is_paid {
                app.pay(order_id).await;
            }
            app.clock.advance(Duration::from_secs(1));
            super::handle(app.state(), event).await.expect("there is nothing to wait for");
            let expected = if is_paid { OrderStatus::Complete } else { OrderStatus::Cancelled };
            assert_eq!(app.stored(order_id).await.status(), expected);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_early_expiration_changes_nothing_and_is_not_lost() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.clock.advance(WINDOW - Duration::from_millis(1));
        let event = ExpirationCompleted { order_id };
        let early = super::handle(app.state(), event.clone()).await;
        assert!(matches!(early, Err(ListenError::NotYet(_))), "{early:?}");
        assert_eq!(app.stored(order_id).await.version, Version::FIRST);
        app.publish("expiration", &event).await;
        app.clock.advance(Duration::from_millis(1));
        app.settle().await;
        assert_eq!(app.stored(order_id).await.cancel_reason(), Some(CancelReason::Expired));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_complete_order_does_not_expire() {
        let app = start().await;
        let (_, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        app.clock.advance(WINDOW);
        app.publish("expiration", &ExpirationCompleted { order_id }).await;
        app.settle().await;
        assert_eq!(app.stored(order_id).await.status().as_str(), "complete");
        assert_eq!(app.published::<OrderCancelled>().await, []);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn news_of_an_unknown_order_becomes_a_dead_letter() {
        let app = start().await;
        let order_id = app.deps.platform.ids.next(app.clock.now());
        app.publish("expiration", &ExpirationCompleted { order_id }).await;
        app.settle().await;
        assert_eq!(app.dead_letters().await, [format!("there is no order {order_id}")]);
    }
}
