//! Which webhooks are Stripe's, and what we read of them. <https://docs.stripe.com/webhooks#verify-manually>
//!
//! The library's own check also reads the event, whatever it is about: linked into the program,
//! the readers of all of Stripe's objects are larger than everything else together. Here a few
//! fields are wanted. The tests sign with the library.

mod claim;

use aws_lc_rs::hmac;
use common::events::DisputeStatus;
use common::money::Price;
use common::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use claim::claim_in;

use crate::domain::{Claim, Dispute, IntentId};
use crate::settings::WebhookSecret;

/// How far a signature's time may be from ours, in seconds: the tolerance Stripe recommends.
const TOLERANCE: u64 = 300;

/// What we read of a webhook: which it is, what it says, and what to ask Stripe about if that is news.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StripeEvent {
    pub(crate) id: String,
    /// The intent it is about, if it is about one.
    pub(crate) intent: Option<IntentId>,
    /// What of it has changed.
    pub(crate) about: About,
    /// What it says, if that can be compared with what we know.
    pub(crate) claim: Option<Claim>,
}

/// What a webhook is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// The intent, or something that we follow by it.
    Intent,
    /// Refunds.
    Refunds,
    /// A dispute, as it was then. Stripe is not asked about it: nothing is done about a dispute but to say so.
    Dispute(Dispute),
}

/// Why a webhook is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WebhookError {
    /// Stripe has not signed it, or not lately.
    InvalidSignature,
    /// Stripe has signed it, and it is no event that we can read.
    Unreadable,
}

#[derive(Deserialize)]
struct Body {
    id: String,
    #[serde(default)]
    data: Data,
}

#[derive(Default, Deserialize)]
struct Data {
    #[serde(default)]
    object: Value,
}

/// Reads a webhook whose signature is right and at most [`TOLERANCE`] old at `now`.
pub(crate) fn verify(
    payload: &[u8],
    signature: Option<&str>,
    secret: &WebhookSecret,
    now: Timestamp,
) -> Result<StripeEvent, WebhookError> {
    let signature = signature.and_then(Signature::parse).ok_or(WebhookError::InvalidSignature)?;
    let is_recent = signature.time.abs_diff(now.as_secs()) <= TOLERANCE;
    if !is_recent || !signature.is_of(payload, secret) {
        return Err(WebhookError::InvalidSignature);
    }
    let body: Body = serde_json::from_slice(payload).map_err(|_| WebhookError::Unreadable)?;
    let is_an_id = (1..=255).contains(&body.id.len()) && body.id.bytes().all(|byte| byte.is_ascii_graphic());
    let object = &body.data.object;
    let intent = intent_in(object);
    let claim = intent.as_ref().and_then(|intent| claim_in(object, intent));
    let event = StripeEvent { intent, about: about(object), claim, id: body.id };
    if is_an_id { Ok(event) } else { Err(WebhookError::Unreadable) }
}

/// The header `Stripe-Signature`: `t=1492774577,v1=5257a8...,v0=...`, with one `v1` for each of the
/// secrets that are valid while a new one replaces an old one.
struct Signature<'a> {
    time: i64,
    signatures: Vec<&'a str>,
}

impl<'a> Signature<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
        let time = parts().find(|(scheme, _)| *scheme == "t")?.1.parse().ok()?;
        let signatures = parts().filter(|(scheme, _)| *scheme == "v1").map(|(_, signature)| signature).collect();
        Some(Self { time, signatures })
    }

    fn is_of(&self, payload: &[u8], secret: &WebhookSecret) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        let signed = [self.time.to_string().as_bytes(), b".", payload].concat();
        let mut given = self.signatures.iter().filter_map(|signature| hex::decode(signature).ok());
        given.any(|given| hmac::verify(&key, &signed, &given).is_ok())
    }
}

fn intent_in(object: &Value) -> Option<IntentId> {
    let field = if object["object"] == "payment_intent" { "id" } else { "payment_intent" };
    let id = object[field].as_str()?;
    // It becomes part of a path.
    let is_plain = id.len() <= 255 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (id.starts_with("pi_") && is_plain).then(|| IntentId(id.to_owned()))
}

fn about(object: &Value) -> About {
    match object["object"].as_str() {
        Some("refund") => About::Refunds,
        Some("charge") if object["amount_refunded"].as_i64() > Some(0) => About::Refunds,
        Some("dispute") => dispute_in(object).map_or(About::Intent, About::Dispute),
        _ => About::Intent,
    }
}

/// <https://docs.stripe.com/api/disputes/object#dispute_object-status>
fn dispute_in(object: &Value) -> Option<Dispute> {
    let id = object["id"].as_str().filter(|id| id.len() <= 255)?.to_owned();
    let amount = Price::from_minor_units(object["amount"].as_i64()?).ok()?;
    let status = match object["status"].as_str()? {
        "won" | "warning_closed" | "prevented" => DisputeStatus::Won,
        "lost" => DisputeStatus::Lost,
        _ => DisputeStatus::Open,
    };
    Some(Dispute { id, amount, status })
}

#[cfg(test)]
mod tests;
