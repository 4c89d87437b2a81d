use std::collections::BTreeMap;

use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use serde::Serialize;
use stripe_client_core::{RequestBuilder, StripeMethod, StripeRequest};

use super::Stripe;
use super::failure::{CallError, Unknown};
use super::objects::{ApiError, Intent};
use crate::domain::{Authorization, IntentId, IntentStatus, PaymentToken};

/// What is to be set aside, and for what.
pub(crate) struct Authorize<'a> {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    pub(crate) attempt: u32,
    pub(crate) amount: Price,
    pub(crate) currency: Currency,
    pub(crate) token: &'a PaymentToken,
    pub(crate) key: &'a str,
}

/// `POST /v1/payment_intents`, confirmed in the same call.
#[derive(Serialize)]
struct CreateIntent<'a> {
    amount: u32,
    currency: &'static str,
    capture_method: &'static str,
    confirm: bool,
    /// A confirmation by the bank would need a page of ours: the card is declined instead.
    error_on_requires_action: bool,
    payment_method_types: [&'static str; 1],
    metadata: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_data: Option<CardToken<'a>>,
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
    pub(crate) async fn authorize(&self, request: &Authorize<'_>) -> Result<Authorization, Unknown> {
        match self.write("stripe authorize", request.key, &CreateIntent::of(request)).await {
            Ok(intent) => authorization(&intent),
            Err(CallError::Refused(error)) => Ok(refusal(&error)),
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

/// What an intent that exists says about its authorisation.
pub(super) fn authorization(intent: &Intent) -> Result<Authorization, Unknown> {
    match intent.status() {
        // A captured one is recognised as such when it is captured.
        IntentStatus::Authorized | IntentStatus::Captured => Ok(Authorization::Authorized(IntentId(intent.id.clone()))),
        IntentStatus::NotAuthorized => match &intent.last_payment_error {
            Some(error) => Ok(refusal(error)),
            None => Ok(Authorization::Declined(
                "The card's bank asks for a confirmation that is not possible here. Please use another card.".into(),
            )),
        },
        IntentStatus::Cancelled => Ok(Authorization::Declined("The payment was cancelled.".into())),
        IntentStatus::Processing => Err(Unknown("Stripe is still processing the card".into())),
    }
}

fn refusal(error: &ApiError) -> Authorization {
    let reason = error.message.clone().unwrap_or_else(|| "The payment was refused.".into());
    if error.is_the_card() { Authorization::Declined(reason) } else { Authorization::Rejected(reason) }
}

impl<'a> CreateIntent<'a> {
    fn of(request: &Authorize<'a>) -> Self {
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
            error_on_requires_action: true,
            payment_method_types: ["card"],
            metadata: BTreeMap::from([
                ("order_id", request.order_id.to_string()),
                ("payment_id", request.payment_id.to_string()),
                ("attempt", request.attempt.to_string()),
            ]),
            payment_method,
            payment_method_data,
        }
    }
}

impl StripeRequest for CreateIntent<'_> {
    type Output = Intent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/payment_intents").form(self)
    }
}
