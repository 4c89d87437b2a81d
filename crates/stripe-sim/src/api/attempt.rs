use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use crate::domain::{Intent, JsonResponse, render_charge, render_intent};
use crate::form::Form;
use crate::idempotency::fingerprint;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A request that may be a retry.
pub(crate) struct Attempt {
    pub(super) key: Option<String>,
    pub(super) fingerprint: String,
    expands_charge: bool,
}

/// A response, and whether it replays that of an earlier request.
pub(crate) struct Reply {
    pub(super) response: JsonResponse,
    pub(super) is_replay: bool,
}

impl Attempt {
    pub(crate) fn new(headers: &HeaderMap, path: &str, form: &Form) -> Self {
        let key = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { key, fingerprint: fingerprint(path, form), expands_charge: form.expands("latest_charge") }
    }

    /// The intent as the request wants to see it.
    pub(crate) fn show(&self, intent: &Intent) -> Value {
        show_intent(intent, self.expands_charge)
    }
}

/// An intent, with its charge in place of the charge's id where that is wanted.
pub(crate) fn show_intent(intent: &Intent, expands_charge: bool) -> Value {
    let mut object = render_intent(intent);
    if expands_charge && intent.has_charge {
        object["latest_charge"] = render_charge(intent);
    }
    object
}

impl Reply {
    pub(super) fn first(response: JsonResponse) -> Self {
        Self { response, is_replay: false }
    }

    pub(super) fn again(response: JsonResponse) -> Self {
        Self { response, is_replay: true }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = self.response.into_response();
        if self.is_replay {
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
