use std::error::Error;
use std::str::FromStr;

use axum::Json;
use axum::extract::rejection::{BytesRejection, FailedToBufferBody, JsonRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tower_http::timeout::TimeoutError;

use super::error::ApiError;
use common::id::Id;

/// A body that is a JSON object. What is not, or has the wrong types, is refused in the error format.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        // Through a map, because only objects are allowed: serde would also fill a struct from an array.
        let Json(fields) = Json::<Map<String, Value>>::from_request(request, state).await.map_err(explain)?;
        let body = T::deserialize(Value::Object(fields))
            .map_err(|error| ApiError::bad_request("invalid_body", error.to_string()))?;
        Ok(Self(body))
    }
}

fn explain(rejection: JsonRejection) -> ApiError {
    match rejection {
        JsonRejection::JsonSyntaxError(_) => ApiError::bad_request("invalid_json", "The body is not valid JSON"),
        JsonRejection::JsonDataError(_) => ApiError::bad_request("invalid_body", "The body must be a JSON object"),
        JsonRejection::BytesRejection(rejection) => unread(&rejection),
        other => ApiError::new(other.status(), "unsupported_media_type", other.body_text()),
    }
}

/// Why a body could not be read: it is too large, it did not arrive in time, or it was not sent
/// according to HTTP.
pub fn unread(rejection: &BytesRejection) -> ApiError {
    match rejection {
        BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large")
        }
        _ => unread_stream(rejection),
    }
}

/// Why a body broke off that is read in parts.
pub fn unread_stream(error: &(dyn Error + 'static)) -> ApiError {
    let mut causes = std::iter::successors(Some(error), |&cause| cause.source());
    if causes.any(<dyn Error>::is::<TimeoutError>) {
        ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", "The body did not arrive in time")
    } else {
        ApiError::bad_request("unreadable_body", "The body cannot be read")
    }
}

/// The `{id}` of the path. What is not an id names nothing: 404.
pub struct PathId<T>(pub Id<T>);

impl<T: 'static, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| ApiError::not_found())?;
        Id::from_str(&text).map(Self).map_err(|_| ApiError::not_found())
    }
}

/// The query string. What cannot be read is 400.
pub struct QueryParams<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(params)) => Ok(Self(params)),
            Err(rejection) => Err(ApiError::bad_request("invalid_query", rejection.body_text())),
        }
    }
}
