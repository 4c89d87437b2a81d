use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use common::payment_status::PaymentStatus;
use http::StatusCode;
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

/// The answer to an attempt to pay.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Paid {
    /// The payment.
    pub id: PaymentId,
    /// What the buyer has to do before the money is taken. `None` if it has been taken.
    pub action: Option<PaymentAction>,
}

/// What a buyer has to do for their payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PaymentAction {
    /// Confirm it on a page of their bank, which sends them back to the order.
    Redirect {
        /// The page.
        url: String,
    },
    /// Something that was added after this client was built.
    #[serde(other)]
    Other,
}

/// The payment for an order, as its buyer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The order.
    pub order_id: OrderId,
    /// How it stands.
    pub status: PaymentStatus,
    /// What was, or would be, taken.
    pub amount: Price,
    /// The currency of the amount.
    pub currency: Currency,
    /// Its id at the provider, once it has one.
    pub stripe_id: Option<String>,
    /// The refund's id at the provider, if there is one.
    pub stripe_refund_id: Option<String>,
    /// The card, once the provider has named it.
    pub card: Option<Card>,
    /// What the buyer has to do, while the status is [`PaymentStatus::ActionRequired`].
    pub action: Option<PaymentAction>,
    /// Why the last attempt failed, while the status is [`PaymentStatus::NotCharged`].
    pub reason: Option<String>,
}

/// A card, as receipts name it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Card {
    /// Its brand, such as `visa`.
    pub brand: String,
    /// The last digits of its number.
    pub last4: String,
}

impl Client {
    /// Pays for an order with a card's token, such as `tok_visa` in test mode. The bank may ask the buyer to
    /// confirm the payment first: then nothing has been taken yet.
    ///
    /// # Errors
    /// 400 if the order can no longer be paid; 401; 402 if the card was declined; 404; 503 if it is not yet
    /// known whether the payment succeeded; the order's status will show it.
    pub async fn pay(&self, order: OrderId, token: &str) -> Result<Paid, Error> {
        let body = json!({"orderId": order, "token": token});
        self.post(&self.urls.payments, "/api/payments", &body).await
    }

    /// The payment for an order of the caller; `None` if nobody ever tried to pay it.
    ///
    /// # Errors
    /// 401, also for an order of another user; 503 if it cannot be read now.
    pub async fn payment(&self, order: OrderId) -> Result<Option<Payment>, Error> {
        match self.get(&self.urls.payments, &format!("/api/payments/{order}")).await {
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => Ok(None),
            answer => answer.map(Some),
        }
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
    use super::*;
    use crate::stub::{ORDER, Stub, order_id};

    #[tokio::test]
    async fn paying_names_the_order_and_the_card() {
        let stub = Stub::answering(201, json!({"id": ORDER})).await;
        let paid = stub.client().pay(order_id(), "tok_visa").await.expect("a payment");
        assert_eq!((paid.id.to_string().as_str(), paid.action), (ORDER, None));
        assert_eq!(stub.request().call(), "POST /api/payments");
        assert_eq!(stub.request().body, json!({"orderId": ORDER, "token": "tok_visa"}));
    }

    #[tokio::test]
    async fn the_bank_may_want_to_see_the_buyer_first() {
        let url = "https://bank.example/1";
        for (action, expected) in [
            (json!({"type": "redirect", "url": url}), PaymentAction::Redirect { url: url.to_owned() }),
            (json!({"type": "fingerprint"}), PaymentAction::Other),
        ] {
            let stub = Stub::answering(202, json!({"id": ORDER, "action": action})).await;
            let paid = stub.client().pay(order_id(), "tok_visa").await.expect("an answer");
            assert_eq!(paid.action, Some(expected));
        }
    }

    #[tokio::test]
    async fn a_payment_says_how_it_stands() {
        let payment = |status: &str| {
            json!({
                "id": ORDER, "orderId": ORDER, "status": status, "amount": 20.5, "currency": "eur",
                "stripeId": "pi_1", "card": {"brand": "visa", "last4": "4242"},
            })
        };
        for (status, expected) in [
            ("processing", PaymentStatus::Processing),
            ("action_required", PaymentStatus::ActionRequired),
            ("captured", PaymentStatus::Captured),
            ("not_charged", PaymentStatus::NotCharged),
            ("refund_pending", PaymentStatus::RefundPending),
            ("refunded", PaymentStatus::Refunded),
            ("refund_failed", PaymentStatus::RefundFailed),
            ("disputed", PaymentStatus::Disputed),
            ("evaporated", PaymentStatus::Other),
        ] {
            let stub = Stub::answering(200, payment(status)).await;
            let payment = stub.client().payment(order_id()).await.expect("an answer").expect("a payment");
            assert_eq!((payment.status, payment.currency), (expected, Currency::Eur));
            assert_eq!(payment.card, Some(Card { brand: "visa".into(), last4: "4242".into() }));
            assert_eq!(stub.request().call(), format!("GET /api/payments/{ORDER}"));
        }
    }

    #[tokio::test]
    async fn an_order_that_nobody_tried_to_pay_has_no_payment() {
        let none = Stub::answering(404, json!({"errors": [{"message": "Not Found"}]})).await;
        assert_eq!(none.client().payment(order_id()).await.expect("an answer"), None);
        let away = Stub::answering(503, json!({"errors": []})).await;
        away.client().payment(order_id()).await.expect_err("it is not known");
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
