use axum::extract::FromRequestParts;
use http::request::Parts;

use super::verifier::{Session, SessionVerifier};
use crate::audit;
use crate::http::ApiError;

/// The visitor's session. A request without a valid one is refused with 401.
pub struct SignedIn(pub Session);

/// The visitor's session, if they have one. While no session keys are known, a request with a token is
/// refused with 503.
pub struct MaybeSignedIn(pub Option<Session>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Some(verifier) = parts.extensions.get::<SessionVerifier>() else {
            tracing::error!("no session verifier is set up for this route");
            return Err(ApiError::internal());
        };
        let Some(token) = verifier.cookie.read(&parts.headers) else { return Ok(Self(None)) };
        match verifier.verify(token).await {
            // Without keys nobody can be recognised, and nobody with a token must be taken for a stranger.
            None if !verifier.keys.is_ready() => Err(ApiError::unavailable()),
            session => {
                if let Some(session) = &session {
                    audit::concerns(session.user_id);
                }
                Ok(Self(session))
            }
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

/// The visitor's session, once they have confirmed their address where that is asked for. Before, a request is
/// refused with 403.
pub struct Confirmed(pub Session);

impl<S: Send + Sync> FromRequestParts<S> for Confirmed {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, state).await?;
        if session.is_confirmed { Ok(Self(session)) } else { Err(ApiError::address_not_confirmed()) }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http::{Request, StatusCode};

    use super::*;
    use crate::session::{Jwk, JwkSet, Keys, Revoked, SessionCookie};
    use common::time::Timestamp;
    use ports::clock::Clock;

    async fn ask(keys: Keys, cookie: &str) -> Result<Option<Session>, StatusCode> {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let verifier = SessionVerifier { cookie: SessionCookie::new(false), keys, revoked: Revoked::default(), clock };
        let (mut parts, ()) = Request::get("/").header("cookie", cookie).body(()).expect("a request").into_parts();
        parts.extensions.insert(verifier);
        let visitor = MaybeSignedIn::from_request_parts(&mut parts, &()).await;
        visitor.map(|MaybeSignedIn(session)| session).map_err(|error| error.into_response().status())
    }

    fn some_keys() -> Keys {
        let key: Jwk = serde_json::from_str(
            r#"{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        )
        .expect("the example of RFC 8037");
        let keys = Keys::shared();
        keys.publish(JwkSet { keys: vec![key] });
        keys
    }

    #[tokio::test]
    async fn while_no_keys_are_known_nobody_with_a_token_is_taken_for_a_stranger() {
        assert_eq!(ask(Keys::shared(), "session=a.b.c").await, Err(StatusCode::SERVICE_UNAVAILABLE));
        assert_eq!(ask(Keys::shared(), "other=1").await, Ok(None));
        assert_eq!(ask(some_keys(), "session=a.b.c").await, Ok(None));
    }
}
