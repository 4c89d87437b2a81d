use std::collections::BTreeMap;

use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use common::time::Timestamp;
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::{ApiError, Intent};
use crate::domain::{AttemptReport, Authorization, IntentId, IntentStatus, PaymentToken};

/// What is to be set aside, and for what.
pub(crate) struct Authorize<'a> {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    pub(crate) attempt: u32,
    pub(crate) amount: Price,
    pub(crate) currency: Currency,
    pub(crate) token: &'a PaymentToken,
    pub(crate) key: &'a str,
    /// When the attempt began.
    pub(crate) since: Timestamp,
    /// Whether it was never sent before.
    pub(crate) is_first: bool,
}

/// `POST /v1/payment_intents`, confirmed in the same call.
#[derive(Serialize)]
struct CreateIntent<'a> {
    amount: u32,
    currency: &'static str,
    capture_method: &'static str,
    confirm: bool,
    /// Where the bank sends the buyer back to, should it want to see them.
    return_url: String,
    /// Apple Pay and Google Pay are cards too. What else an account may have switched on would be paid on another
    /// page, days later, or could not be set aside.
    payment_method_types: [&'static str; 1],
    metadata: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_data: Option<CardToken<'a>>,
    expand: [&'static str; 1],
}

#[derive(Serialize)]
struct CardToken<'a> {
    r#type: &'static str,
    card: Token<'a>,
}

#[derive(Serialize)]
struct Token<'a> {
    token: &'a str,
}

impl Stripe {
    /// Sets the money aside on the buyer's card.
    pub(crate) async fn authorize(&self, request: &Authorize<'_>) -> Result<AttemptReport, Unknown> {
        let attempt = request.attempt;
        let without_intent = |authorization| AttemptReport { attempt, authorization, card: None };
        match self.write("stripe authorize", request.key, &CreateIntent::of(request, &self.return_base)).await {
            Ok(intent) => Ok(report(&intent, attempt)),
            Err(CallError::Refused(error)) => Ok(without_intent(refusal(None, &error))),
            // What was asked for may have been done before Stripe broke down.
            Err(CallError::Stuck(_)) => Ok(match self.find_made(request).await? {
                Some(intent) => report(&intent, attempt),
                None => without_intent(Authorization::Lost),
            }),
            // Had it been sent before, that one might have been taken.
            Err(CallError::NotTaken(_)) if request.is_first => Ok(without_intent(Authorization::NotTaken)),
            Err(other) => Err(other.into()),
        }
    }
}

/// What an intent that exists says about the attempt that it was made for.
pub(super) fn report(intent: &Intent, attempt: u32) -> AttemptReport {
    AttemptReport { attempt, authorization: authorization(intent), card: intent.card() }
}

fn authorization(intent: &Intent) -> Authorization {
    let id = IntentId(intent.id.clone());
    match intent.status() {
        // A captured one is recognised as such when it is captured.
        IntentStatus::Authorized | IntentStatus::Captured => Authorization::Authorized(id),
        IntentStatus::AwaitingBuyer => match intent.action() {
            Some(action) => Authorization::ActionRequired(id, action),
            None => Authorization::Unconfirmed(id),
        },
        IntentStatus::NotAuthorized => match &intent.last_payment_error {
            Some(error) => refusal(Some(id), error),
            None => Authorization::Unconfirmed(id),
        },
        IntentStatus::Cancelled => Authorization::Cancelled(id),
        IntentStatus::Processing => Authorization::Processing(id),
    }
}

fn refusal(intent: Option<IntentId>, error: &ApiError) -> Authorization {
    match intent {
        Some(intent) if error.is_unconfirmed() => Authorization::Unconfirmed(intent),
        intent if error.is_the_card() => Authorization::Declined(intent, error.words().to_owned()),
        _ => {
            tracing::warn!(kind = error.kind, code = error.code, "Stripe can make nothing of a payment");
            Authorization::Rejected(
                "This card cannot be used here. Please check its details, or use another card.".into(),
            )
        }
    }
}

impl<'a> CreateIntent<'a> {
    fn of(request: &Authorize<'a>, return_base: &str) -> Self {
        let token = request.token.expose();
        let (payment_method, payment_method_data) = match request.token.is_payment_method() {
            true => (Some(token), None),
            false => (None, Some(CardToken { r#type: "card", card: Token { token } })),
        };
        Self {
            amount: request.amount.minor_units(),
            currency: request.currency.code(),
            capture_method: "manual",
            confirm: true,
            return_url: format!("{return_base}/orders/{}", request.order_id),
            payment_method_types: ["card"],
            metadata: BTreeMap::from([
                ("order_id", request.order_id.to_string()),
                ("payment_id", request.payment_id.to_string()),
                ("attempt", request.attempt.to_string()),
            ]),
            payment_method,
            payment_method_data,
            expand: ["latest_charge"],
        }
    }
}

impl StripeRequest for CreateIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/payment_intents").form(self)
    }
}
