use common::events::PaymentDisputed;
use runtime::listener::{Handled, ListenError};

use crate::domain::Dispute;
use crate::state::OrdersState;

/// Shows on the order that the buyer's bank disputes its payment.
pub(super) async fn handle(state: OrdersState, event: PaymentDisputed) -> Handled {
    let PaymentDisputed { order_id, amount, stripe_dispute_id, status } = event;
    let dispute = Dispute { amount, stripe_dispute_id, status };
    super::update(&state, order_id, |order, _| Ok::<_, ListenError>(order.dispute_payment(dispute.clone()))).await
}

#[cfg(test)]
mod tests {
    use common::events::{DisputeStatus, PaymentDisputed};
    use serde_json::Value;

    use crate::testing::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_dispute_is_shown_on_the_order() {
        let app = start().await;
        let (buyer, order_id) = app.placed_order().await;
        app.pay(order_id).await;
        let path = format!("/api/orders/{order_id}");
        assert_eq!(app.get(&path).by(&buyer).send().await.body["dispute"], Value::Null);
        for (status, shown) in [(DisputeStatus::Open, "open"), (DisputeStatus::Lost, "lost")] {
            let stripe_dispute_id = "dp_1".to_owned();
            app.publish("payments", &PaymentDisputed { order_id, amount: price(2050), stripe_dispute_id, status })
                .await;
            app.settle().await;
            assert_eq!(app.get(&path).by(&buyer).send().await.body["dispute"], shown);
        }
    }
}
