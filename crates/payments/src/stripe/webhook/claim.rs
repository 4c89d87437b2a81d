//! What a webhook says of an intent, as far as it can be compared with what we know.

use common::money::{Currency, Price};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::{Claim, IntentId, IntentStatus};
use crate::stripe::objects::status_named;

/// What the webhook about this object of this intent claims; `None` if it is not of ours, or says what must be asked
/// about anyhow: refunds, disputes, failures, and amounts that are taken or set aside in part.
pub(super) fn claim_in(object: &Value, intent: &IntentId) -> Option<Claim> {
    let (status, moved) = match object["object"].as_str()? {
        "payment_intent" => of_an_intent(object)?,
        "charge" => of_a_charge(object)?,
        _ => return None,
    };
    let (amount, notes) = (object["amount"].as_i64()?, &object["metadata"]);
    (moved.is_none_or(|moved| moved == amount)).then_some(())?;
    Some(Claim {
        order_id: notes["order_id"].as_str()?.parse().ok()?,
        payment_id: notes["payment_id"].as_str()?.parse().ok()?,
        intent: intent.clone(),
        status,
        amount: Price::from_minor_units(amount).ok()?,
        currency: Currency::deserialize(&object["currency"]).ok()?,
    })
}

/// The status, and how much is taken or set aside then, if anything is.
type Standing = (IntentStatus, Option<i64>);

fn of_an_intent(object: &Value) -> Option<Standing> {
    let status = status_named(object["status"].as_str()?)?;
    let moved = match status {
        IntentStatus::Authorized => Some(object["amount_capturable"].as_i64()?),
        IntentStatus::Captured => Some(object["amount_received"].as_i64()?),
        IntentStatus::NotAuthorized
        | IntentStatus::AwaitingBuyer
        | IntentStatus::Processing
        | IntentStatus::Cancelled => None,
    };
    Some((status, moved))
}

/// A charge has what was noted on its intent. <https://docs.stripe.com/api/charges/object>
fn of_a_charge(object: &Value) -> Option<Standing> {
    let is_whole = object["amount_refunded"].as_i64()? == 0 && object["disputed"].as_bool() == Some(false);
    match (object["status"].as_str()?, object["captured"].as_bool()?) {
        ("succeeded", true) if is_whole => Some((IntentStatus::Captured, Some(object["amount_captured"].as_i64()?))),
        ("succeeded", false) if is_whole => Some((IntentStatus::Authorized, None)),
        _ => None,
    }
}
