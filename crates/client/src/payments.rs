use common::id::{OrderId, PaymentId};
use serde::Deserialize;
use serde_json::json;

use crate::{Client, Error};

/// How card payments are set up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentsConfig {
    /// The publishable key for Stripe.js; `None` if cards are not collected by it.
    pub publishable_key: Option<String>,
    /// Whether no real money moves.
    pub test_mode: bool,
}

#[derive(Deserialize)]
struct Payment {
    id: PaymentId,
}

impl Client {
    /// Pays for an order with a card's token, such as `tok_visa` in test mode.
    ///
    /// # Errors
    /// 400 if the order can no longer be paid; 401; 402 if the card was declined; 404; 503 if it is not yet
    /// known whether the payment succeeded; the order's status will show it.
    pub async fn pay(&self, order: OrderId, token: &str) -> Result<PaymentId, Error> {
        let body = json!({"orderId": order, "token": token});
        let payment: Payment = self.post(&self.urls.payments, "/api/payments", &body).await?;
        Ok(payment.id)
    }

    /// How card payments are set up.
    ///
    /// # Errors
    /// As for any call.
    pub async fn payments_config(&self) -> Result<PaymentsConfig, Error> {
        self.get(&self.urls.payments, "/api/payments/config").await
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::stub::{ORDER, Stub, order_id};

    #[tokio::test]
    async fn paying_names_the_order_and_the_card() {
        let stub = Stub::answering(201, json!({"id": ORDER})).await;
        let payment = stub.client().pay(order_id(), "tok_visa").await.expect("a payment");
        assert_eq!(payment.to_string(), ORDER);
        assert_eq!(stub.request().call(), "POST /api/payments");
        assert_eq!(stub.request().body, json!({"orderId": ORDER, "token": "tok_visa"}));
    }

    #[tokio::test]
    async fn a_declined_card_is_402_with_the_reason() {
        let stub = Stub::answering(402, json!({"errors": [{"message": "Your card was declined."}]})).await;
        let error = stub.client().pay(order_id(), "tok_chargeDeclined").await.expect_err("declined");
        assert_eq!(error.status(), Some(StatusCode::PAYMENT_REQUIRED));
        assert_eq!(error.to_string(), "402 Payment Required: Your card was declined.");
    }

    #[tokio::test]
    async fn the_configuration_may_lack_a_key() {
        let stub = Stub::answering(200, json!({"publishableKey": null, "testMode": true})).await;
        let config = stub.client().payments_config().await.expect("an answer");
        assert_eq!(config, PaymentsConfig { publishable_key: None, test_mode: true });
        assert_eq!(stub.request().call(), "GET /api/payments/config");
    }
}
