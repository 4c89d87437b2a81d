//! `GET /v1/charges/{id}`

use axum::extract::{Path, State};
use http::HeaderMap;

use crate::api::Api;
use crate::domain::{JsonResponse, Refusal, render_charge};

pub(crate) async fn retrieve(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<JsonResponse, Refusal> {
    api.authorize(&headers)?;
    let intent = api.intents.get(id.replacen("ch_", "pi_", 1)).await?.filter(|intent| intent.has_charge);
    let intent = intent.ok_or_else(|| Refusal::no_such("charge", &id))?;
    Ok(JsonResponse::ok(&render_charge(&intent)))
}
