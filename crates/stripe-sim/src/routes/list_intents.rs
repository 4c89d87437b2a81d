//! `GET /v1/payment_intents?created[gte]=…`, the newest first.

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use ports::store::Cursor;

use crate::api::{Api, show_intent};
use crate::domain::{Intent, JsonResponse, Refusal, render_intent_list};
use crate::faults::Call;
use crate::form::Form;
use crate::store::newest;

/// How many Stripe gives at once, if nobody says otherwise, and at most.
const USUAL: i64 = 10;
const MOST: i64 = 100;

pub(crate) async fn list(State(api): State<Api>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let faults = api.faults.clone();
    faults.afflict(Call::ListIntents, async move { perform(&api, query, &headers).await.into_response() }).await
}

async fn perform(api: &Api, query: Option<String>, headers: &HeaderMap) -> Result<JsonResponse, Refusal> {
    api.authorize(headers)?;
    let query = Form::parse(query.unwrap_or_default().as_bytes());
    let since = query.amount("created[gte]")?.unwrap_or_default();
    let limit = usize::try_from(query.amount("limit")?.unwrap_or(USUAL).clamp(1, MOST)).unwrap_or(1);
    let after = match query.get("starting_after") {
        Some(id) => Some(position(api, id).await?),
        None => None,
    };
    let mut found = api.intents.find(&newest(since, after, limit + 1)).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let expands_charge = query.expands("data.latest_charge");
    let shown = found.iter().map(|intent| show_intent(intent, expands_charge)).collect();
    Ok(JsonResponse::ok(&render_intent_list(shown, has_more)))
}

async fn position(api: &Api, id: &str) -> Result<Cursor, Refusal> {
    let intent = api.intents.get(id).await?.ok_or_else(|| Refusal::no_such("payment_intent", id))?;
    let Intent { created, id, .. } = intent.value;
    Ok(Cursor { value: created.into(), id })
}
