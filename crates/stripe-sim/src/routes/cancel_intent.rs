//! `POST /v1/payment_intents/{id}/cancel`

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::{Api, Attempt, Reply};
use crate::domain::Refusal;
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn cancel(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::Cancel, async move { perform(&api, &id, &headers, &body).await.into_response() }).await
}

async fn perform(api: &Api, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
    api.authorize(headers)?;
    let form = Form::parse(body);
    let attempt = Attempt::new(headers, &format!("/v1/payment_intents/{id}/cancel"), &form);
    let (reason, now) = (cancellation_reason(&form)?, api.now());
    api.change(Call::Cancel, attempt, id, |intent, attempt| {
        intent.cancel(reason.clone(), now)?;
        Ok(attempt.show(intent))
    })
    .await
}

fn cancellation_reason(form: &Form) -> Result<Option<String>, Refusal> {
    match form.get("cancellation_reason") {
        None | Some("duplicate" | "fraudulent" | "requested_by_customer" | "abandoned") => {
            Ok(form.owned("cancellation_reason"))
        }
        Some(_) => {
            Err(Refusal::invalid("cancellation_reason", "parameter_invalid_string", "Invalid cancellation_reason"))
        }
    }
}
