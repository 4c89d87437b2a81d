//! `GET /v1/refunds?payment_intent=…`

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::api::Api;
use crate::domain::{JsonResponse, Refusal, render_refund_list};
use crate::faults::Call;
use crate::form::Form;

pub(crate) async fn list(State(api): State<Api>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::ListRefunds, async move { perform(&api, query, &headers).await.into_response() }).await
}

async fn perform(api: &Api, query: Option<String>, headers: &HeaderMap) -> Result<JsonResponse, Refusal> {
    api.authorize(headers)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let id = query.required("payment_intent")?;
    let intent = api.intents.get(id).await?.ok_or_else(|| Refusal::no_such("payment_intent", id))?;
    Ok(JsonResponse::ok(&render_refund_list(&intent)))
}
