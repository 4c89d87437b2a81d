//! `POST /{client_secret}`: a button was pressed.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use ports::store::StoreError;
use serde::Deserialize;

use super::{find, page};
use crate::api::Api;
use crate::domain::{Authentication, Intent, Refusal};

#[derive(Deserialize)]
pub(super) struct Pressed {
    decision: Decision,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Approve,
    Refuse,
}

/// Why nothing was decided.
enum Undecided {
    /// The bank does not ask any more.
    TooLate,
    Store(StoreError),
}

pub(super) async fn decide(
    State(api): State<Api>,
    Path(client_secret): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Refusal> {
    let Some(intent) = find(&api, &client_secret).await? else { return Ok(page::unknown()) };
    let told = match pressed.decision {
        Decision::Approve => Authentication::Approved,
        Decision::Refuse => Authentication::Refused,
    };
    match api.act_on(&intent.id, |intent, now| intent.authenticate(told, now)).await {
        Ok(()) => Ok(back_to_the_shop(&intent)),
        Err(Undecided::TooLate) => {
            let present = find(&api, &client_secret).await?.unwrap_or(intent);
            Ok(page::too_late(&present, StatusCode::CONFLICT))
        }
        Err(Undecided::Store(error)) => Err(error.into()),
    }
}

/// To the address that the shop gave, and to no other.
fn back_to_the_shop(intent: &Intent) -> Response {
    match page::way_back(intent).and_then(|address| HeaderValue::try_from(address).ok()) {
        Some(address) => (StatusCode::SEE_OTHER, [(header::LOCATION, address)]).into_response(),
        None => page::done(),
    }
}

impl From<Refusal> for Undecided {
    fn from(_: Refusal) -> Self {
        Self::TooLate
    }
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
