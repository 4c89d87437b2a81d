//! `GET /v1/refunds/{id}`

use axum::extract::{Path, State};
use http::HeaderMap;

use crate::api::Api;
use crate::domain::{JsonResponse, Refusal, intent_of_refund, render_refund};

pub(crate) async fn retrieve(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<JsonResponse, Refusal> {
    api.authorize(&headers)?;
    let unknown = || Refusal::no_such("refund", &id);
    let intent = api.intents.get(intent_of_refund(&id).ok_or_else(unknown)?).await?.ok_or_else(unknown)?;
    let refund = intent.refunds.iter().find(|refund| refund.id == id).ok_or_else(unknown)?;
    Ok(JsonResponse::ok(&render_refund(&intent, refund)))
}
