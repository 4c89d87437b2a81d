//! `POST /v1/payment_intents`: creates and confirms in one call, the only way the product uses it.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::{Api, Attempt, CreateIntent, Reply};
use crate::domain::{CaptureMethod, Refusal, ReturnUrl};
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn create(State(api): State<Api>, headers: HeaderMap, body: Bytes) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::CreateIntent, async move { perform(&api, &headers, &body).await.into_response() }).await
}

async fn perform(api: &Api, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
    api.authorize(headers)?;
    let form = Form::parse(body);
    let attempt = Attempt::new(headers, "/v1/payment_intents", &form);
    let (amount, currency) = form.charge()?;
    if !form.is_true("confirm") {
        return Err(Refusal::missing("confirm"));
    }
    let token = form
        .get("payment_method")
        .or_else(|| form.get("payment_method_data[card][token]"))
        .ok_or_else(|| Refusal::missing("payment_method"))?;
    let request = CreateIntent {
        amount,
        currency,
        capture_method: capture_method(&form)?,
        metadata: form.metadata(),
        error_on_requires_action: form.is_true("error_on_requires_action"),
        return_url: form.get("return_url").map(ReturnUrl::parse).transpose()?,
        token: token.to_owned(),
    };
    api.create(attempt, request).await
}

fn capture_method(form: &Form) -> Result<CaptureMethod, Refusal> {
    match form.get("capture_method") {
        None | Some("automatic" | "automatic_async") => Ok(CaptureMethod::Automatic),
        Some("manual") => Ok(CaptureMethod::Manual),
        Some(other) => Err(Refusal::invalid(
            "capture_method",
            "parameter_invalid_string",
            &format!("Invalid capture_method: {other}"),
        )),
    }
}
