//! `GET /v1/disputes/{id}`

use axum::extract::{Path, State};
use http::HeaderMap;

use crate::api::Api;
use crate::domain::{JsonResponse, Refusal, render_dispute};

pub(crate) async fn retrieve(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<JsonResponse, Refusal> {
    api.authorize(&headers)?;
    let unknown = || Refusal::no_such("dispute", &id);
    let intent = api.intents.get(id.replacen("dp_", "pi_", 1)).await?.ok_or_else(unknown)?;
    let dispute = intent.dispute.as_ref().ok_or_else(unknown)?;
    Ok(JsonResponse::ok(&render_dispute(&intent, dispute)))
}
