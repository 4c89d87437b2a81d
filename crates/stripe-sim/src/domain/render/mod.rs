//! Stripe's objects as its API renders them.

mod charge;
mod dispute;
mod intent;
mod refund;

pub(crate) use charge::render_charge;
pub(crate) use dispute::render_dispute;
pub(crate) use intent::{render_intent, render_intent_list};
pub(crate) use refund::{render_refund, render_refund_list};

use serde_json::{Map, Value};

fn render_metadata(metadata: &[(String, String)]) -> Value {
    let entries: Map<String, Value> = metadata.iter().map(|(key, value)| (key.clone(), value.clone().into())).collect();
    Value::Object(entries)
}
