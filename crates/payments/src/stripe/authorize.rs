use std::collections::BTreeMap;

use common::id::{OrderId, PaymentId};
use common::money::{Currency, Price};
use serde::Serialize;
use stripe::{ApiErrors, ApiErrorsType, StripeRequest};
use stripe_client_core::{RequestBuilder, StripeMethod};
use stripe_core::PaymentIntent;

use super::{CallError, Stripe, Unknown, truth_of};
use crate::domain::{Authorization, IntentId, IntentTruth, PaymentToken};

/// What is to be set aside, for whom.
pub(crate) struct Authorize<'a> {
    pub(crate) order_id: OrderId,
    pub(crate) payment_id: PaymentId,
    pub(crate) attempt: u32,
    pub(crate) amount: Price,
    pub(crate) currency: Currency,
    pub(crate) token: &'a PaymentToken,
    pub(crate) key: &'a str,
}

/// `POST /v1/payment_intents`, confirmed in the same call. Our own, because the generated request
/// has no place for a card token.
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
    pub(crate) async fn authorize(&self, what: &Authorize<'_>) -> Result<Authorization, Unknown> {
        let request = CreateIntent::of(what);
        let sent = self
            .change("stripe authorize", what.key, |strategy| {
                request.customize().request_strategy(strategy).send(&self.client)
            })
            .await;
        match sent {
            Ok(intent) => authorization(&intent),
            Err(CallError::Refused(error)) => Ok(refusal(&error)),
            Err(CallError::Unknown(unknown)) => Err(unknown),
        }
    }
}

/// What an intent that exists says about its authorisation.
pub(super) fn authorization(intent: &PaymentIntent) -> Result<Authorization, Unknown> {
    match truth_of(intent) {
        // A captured one is recognised as such when it is captured.
        IntentTruth::Authorized | IntentTruth::Captured => {
            Ok(Authorization::Authorized(IntentId(intent.id.to_string())))
        }
        IntentTruth::NotAuthorized => match &intent.last_payment_error {
            Some(error) => Ok(refusal(error)),
            None => Ok(Authorization::Declined(
                "The card's bank asks for a confirmation that is not possible here. Please use another card.".into(),
            )),
        },
        IntentTruth::Cancelled => Ok(Authorization::Declined("The payment was cancelled.".into())),
        IntentTruth::Processing => Err(Unknown("Stripe is still processing the card".into())),
    }
}

/// By reference: an error holds an intent, and with it a copy of nearly everything Stripe knows of.
fn refusal(error: &ApiErrors) -> Authorization {
    let is_the_card = error.type_ == ApiErrorsType::CardError;
    let reason = error.message.clone().unwrap_or_else(|| "The payment was refused.".into());
    if is_the_card { Authorization::Declined(reason) } else { Authorization::Rejected(reason) }
}

impl<'a> CreateIntent<'a> {
    fn of(what: &Authorize<'a>) -> Self {
        let token = what.token.expose();
        let (payment_method, payment_method_data) = match what.token.is_payment_method() {
            true => (Some(token), None),
            false => (None, Some(CardToken { r#type: "card", card: Token { token } })),
        };
        Self {
            amount: what.amount.minor_units(),
            currency: what.currency.code(),
            capture_method: "manual",
            confirm: true,
            error_on_requires_action: true,
            payment_method_types: ["card"],
            metadata: BTreeMap::from([
                ("order_id", what.order_id.to_string()),
                ("payment_id", what.payment_id.to_string()),
                ("attempt", what.attempt.to_string()),
            ]),
            payment_method,
            payment_method_data,
        }
    }
}

impl StripeRequest for CreateIntent<'_> {
    type Output = PaymentIntent;

    fn build(&self) -> RequestBuilder {
        RequestBuilder::new(StripeMethod::Post, "/payment_intents").form(self)
    }
}
