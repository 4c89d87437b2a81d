//! `GET /v1/payment_intents/{id}`

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::Api;
use crate::domain::{JsonResponse, Refusal, render_intent};
use crate::faults::Call;

pub(crate) async fn retrieve(State(api): State<Api>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::RetrieveIntent, async move { perform(&api, &id, &headers).await.into_response() }).await
}

async fn perform(api: &Api, id: &str, headers: &HeaderMap) -> Result<JsonResponse, Refusal> {
    api.authorize(headers)?;
    let intent = api.intents.get(id).await?.ok_or_else(|| Refusal::no_such("payment_intent", id))?;
    Ok(JsonResponse::ok(&render_intent(&intent)))
}
