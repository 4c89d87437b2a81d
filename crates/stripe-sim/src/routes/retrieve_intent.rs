//! `GET /v1/payment_intents/{id}`

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::{Api, show_intent};
use crate::domain::{JsonResponse, Refusal};
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn retrieve(
    State(api): State<Api>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let faults = api.faults.clone();
    let form = Form::parse(query.unwrap_or_default().as_bytes());
    faults.afflict(Call::RetrieveIntent, async move { perform(&api, &id, &form, &headers).await.into_response() }).await
}

async fn perform(api: &Api, id: &str, form: &Form, headers: &HeaderMap) -> Result<JsonResponse, Refusal> {
    api.authorize(headers)?;
    let intent = api.intents.get(id).await?.ok_or_else(|| Refusal::no_such("payment_intent", id))?;
    Ok(JsonResponse::ok(&show_intent(&intent, form.expands("latest_charge"))))
}
