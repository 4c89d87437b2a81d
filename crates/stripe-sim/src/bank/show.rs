//! `GET /{client_secret}`

use axum::extract::{Path, State};
use axum::response::Response;

use super::{find, page};
use crate::api::Api;
use crate::domain::{IntentStatus, Refusal};

pub(super) async fn show(State(api): State<Api>, Path(client_secret): Path<String>) -> Result<Response, Refusal> {
    Ok(match find(&api, &client_secret).await? {
        None => page::unknown(),
        Some(intent) if intent.status == IntentStatus::RequiresAction => page::question(&intent),
        Some(intent) => page::too_late(&intent, http::StatusCode::OK),
    })
}
