//! `POST /v1/payment_intents/{id}/capture`

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::{Api, Attempt, Reply};
use crate::domain::Refusal;
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn capture(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::Capture, async move { perform(&api, &id, &headers, &body).await.into_response() }).await
}

async fn perform(api: &Api, id: &str, headers: &HeaderMap, body: &[u8]) -> Result<Reply, Refusal> {
    api.authorize(headers)?;
    let form = Form::parse(body);
    let attempt = Attempt::new(headers, &format!("/v1/payment_intents/{id}/capture"), &form);
    let (amount, now) = (form.amount("amount_to_capture")?, api.now());
    api.change(Call::Capture, attempt, id, |intent, attempt| {
        intent.capture(amount, now)?;
        Ok(attempt.show(intent))
    })
    .await
}
