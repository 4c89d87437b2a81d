use serde_json::{Value, json};

use super::card::Decline;
use super::intent::{Intent, IntentStatus};
use super::refund::{RefundRefusal, RefundStatus};
use super::render::render_intent;
use super::response::JsonResponse;

/// Why a request is refused: <https://docs.stripe.com/api/errors>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    decline_code: Option<&'static str>,
    param: Option<String>,
    message: String,
}

impl Refusal {
    fn new(status: u16, kind: &'static str, code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { status, kind, code, decline_code: None, param: None, message: message.into() }
    }

    /// A parameter is missing or invalid.
    pub(crate) fn invalid(param: &str, code: &'static str, message: &str) -> Self {
        Self { param: Some(param.to_owned()), ..Self::new(400, "invalid_request_error", Some(code), message) }
    }

    /// A required parameter is missing.
    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid(param, "parameter_missing", &format!("Missing required param: {param}."))
    }

    /// The card was declined.
    pub(crate) fn declined(decline: Decline) -> Self {
        let words = decline.words();
        Self { decline_code: words.decline_code, ..Self::new(402, words.kind, Some(words.code), words.message) }
    }

    /// The card's details are invalid.
    pub(crate) fn card_details(code: &'static str, param: &str, message: &str) -> Self {
        Self { param: Some(param.to_owned()), ..Self::new(402, "card_error", Some(code), message) }
    }

    /// No such object or path.
    pub(crate) fn no_such(what: &str, id: &str) -> Self {
        Self { status: 404, ..Self::invalid("intent", "resource_missing", &format!("No such {what}: '{id}'")) }
    }

    /// The intent is in the wrong state for this.
    pub(crate) fn unexpected_state(verb: &str, status: IntentStatus) -> Self {
        let message = format!("This PaymentIntent could not be {verb} because it has a status of {}.", status.name());
        Self::new(400, "invalid_request_error", Some("payment_intent_unexpected_state"), message)
    }

    /// Nothing has been captured, so nothing can be refunded.
    pub(crate) fn not_charged(intent: &str) -> Self {
        let message = format!("This PaymentIntent ({intent}) does not have a successful charge to refund.");
        Self::new(400, "invalid_request_error", Some("payment_intent_unexpected_state"), message)
    }

    /// Everything has been refunded already.
    pub(crate) fn already_refunded(charge: &str) -> Self {
        let message = format!("Charge {charge} has already been refunded.");
        Self::new(400, "invalid_request_error", Some("charge_already_refunded"), message)
    }

    /// The buyer's bank has taken the money back.
    pub(crate) fn charge_disputed(charge: &str) -> Self {
        let message = format!("Charge {charge} has been charged back; cannot issue a refund.");
        Self::new(400, "invalid_request_error", Some("charge_disputed"), message)
    }

    /// A refund that Stripe does not do.
    pub(crate) fn not_refunded(refusal: RefundRefusal, charge: &str) -> Self {
        match refusal {
            RefundRefusal::ChargeDisputed => Self::charge_disputed(charge),
            RefundRefusal::BalanceInsufficient => Self::new(
                400,
                "invalid_request_error",
                Some("balance_insufficient"),
                "Insufficient funds in your Stripe balance to refund this amount.",
            ),
        }
    }

    /// A refund cannot change like this.
    pub(crate) fn refund_state(status: RefundStatus) -> Self {
        let message = format!("A refund with the status {} cannot change like this.", status.name());
        Self::new(400, "invalid_request_error", None, message)
    }

    /// The API key may not do this.
    pub(crate) fn forbidden() -> Self {
        let message = "The provided key does not have the required permissions for this endpoint.";
        Self::new(403, "invalid_request_error", Some("more_permissions_required_for_application"), message)
    }

    /// Too many requests.
    pub(crate) fn rate_limited() -> Self {
        let message = "Too many requests hit the API too quickly. We recommend an exponential backoff.";
        Self::new(429, "invalid_request_error", Some("rate_limit"), message)
    }

    /// The API key is missing or wrong.
    pub(crate) fn unauthorized(message: &str) -> Self {
        Self::new(401, "invalid_request_error", None, message)
    }

    /// An idempotency key was reused with other parameters.
    pub(crate) fn key_reused() -> Self {
        Self::new(
            400,
            "idempotency_error",
            None,
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
        )
    }

    /// Others keep changing the same object: <https://docs.stripe.com/error-codes#lock-timeout>.
    pub(crate) fn locked() -> Self {
        let message = "This object cannot be accessed right now because another request is accessing it.";
        Self::new(429, "invalid_request_error", Some("lock_timeout"), message)
    }

    /// A request with the same idempotency key is still in progress.
    pub(crate) fn key_in_use() -> Self {
        Self::new(
            409,
            "invalid_request_error",
            Some("idempotency_key_in_use"),
            "There is currently another in-progress request using this Idempotent Key. Please try again later.",
        )
    }

    /// An internal error.
    pub(crate) fn server_error(message: impl Into<String>) -> Self {
        Self::new(500, "api_error", None, message)
    }

    /// For people.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The endpoint broke down.
    pub(crate) fn broken_down() -> Self {
        Self::server_error("Something went wrong on Stripe's end.")
    }

    /// The `error` object.
    pub(crate) fn describe(&self) -> Value {
        json!({
            "type": self.kind,
            "code": self.code,
            "decline_code": self.decline_code,
            "param": self.param,
            "message": self.message,
        })
    }

    /// The response to a request that is not about an intent.
    pub(crate) fn response(&self) -> JsonResponse {
        JsonResponse { status: self.status, body: json!({"error": self.describe()}).to_string() }
    }

    /// The response to a request about `intent`.
    pub(crate) fn response_about(&self, intent: &Intent) -> JsonResponse {
        let mut error = self.describe();
        error["payment_intent"] = render_intent(intent);
        JsonResponse { status: self.status, body: json!({"error": error}).to_string() }
    }
}
