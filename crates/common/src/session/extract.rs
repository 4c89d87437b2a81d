use axum::extract::FromRequestParts;
use http::request::Parts;

use super::verifier::{Session, SessionVerifier};
use crate::http::ApiError;

/// The visitor's session; a request without a valid one is answered with 401.
pub struct SignedIn(pub Session);

/// The visitor's session, if they have one.
pub struct MaybeSignedIn(pub Option<Session>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(verifier) = parts.extensions.get::<SessionVerifier>() else {
            tracing::error!("no session verifier is set up for this route");
            return Err(ApiError::internal());
        };
        match verifier.cookie.read(&parts.headers) {
            Some(token) => Ok(Self(verifier.verify(token).await)),
            None => Ok(Self(None)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let MaybeSignedIn(session) = MaybeSignedIn::from_request_parts(parts, state).await?;
        session.map(Self).ok_or_else(ApiError::not_authorized)
    }
}
