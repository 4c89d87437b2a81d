use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use common::errors::ErrorBody;
use http::header;
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AuthState;

/// Far shorter than a new key is published before it signs.
const CACHEABLE: &str = "public, max-age=60";

/// A JSON Web Key Set (RFC 7517). For the documentation only.
#[derive(Serialize, ToSchema)]
struct KeysResponse {
    keys: Vec<Key>,
}

/// The public half of an Ed25519 key (RFC 8037). For the documentation only.
#[derive(Serialize, ToSchema)]
struct Key {
    /// Always `OKP`.
    kty: String,
    /// Always `Ed25519`.
    crv: String,
    /// The key, in base64url.
    x: String,
    /// What tokens name the key by.
    kid: String,
    /// Always `EdDSA`.
    alg: String,
    /// Always `sig`.
    #[serde(rename = "use")]
    usage: String,
}

/// The public keys that session tokens are verified with.
///
/// The other services fetch them here. There are several while keys change.
#[utoipa::path(
    get,
    path = "/api/users/keys",
    tag = crate::NAME,
    operation_id = "keys",
    responses(
        (status = 200, description = "The key set", body = KeysResponse,
            headers(("cache-control" = String, description = "May be cached for a minute"))),
        (status = 503, description = "There is no key yet", body = ErrorBody),
    )
)]
pub(super) async fn keys(State(auth): State<AuthState>) -> Response {
    ([(header::CACHE_CONTROL, CACHEABLE)], Json(auth.keys.public())).into_response()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use futures::future::join_all;
    use harness::Harness;
    use runtime::session::{JwkSet, TOKEN_LIFE};

    use crate::domain::{DeviceKey, SigningKey};
    use crate::error::AuthError;
    use crate::key_wrap::KeySecret;
    use crate::settings::Settings;
    use crate::state::AuthState;
    use crate::testing::{self, HOUR, PASSWORD, settings, sign_in, sign_up, start, until};

    async fn published(app: &Harness) -> JwkSet {
        let reply = app.get("/api/users/keys").send().await;
        serde_json::from_value(reply.body).expect("a key set")
    }

    async fn until_published(app: &Harness, count: usize) {
        until(async || published(app).await.keys.len() == count).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_public_keys_are_published_and_nothing_of_the_private_ones() {
        let app = start(settings()).await;
        let cookie = sign_up(&app, "ada@example.com").await;
        let reply = app.get("/api/users/keys").send().await;
        assert_eq!(reply.status, 200);
        assert_eq!(reply.headers["cache-control"], "public, max-age=60");
        let key = reply.body["keys"][0].as_object().expect("a key");
        let mut fields: Vec<&str> = key.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["alg", "crv", "kid", "kty", "use", "x"]);
        assert_eq!(key["kid"], testing::header(&cookie)["kid"]);
        assert_eq!(testing::header(&cookie)["alg"], "EdDSA");
        assert_eq!(*app.deps.platform.sessions.keys.present(), published(&app).await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rotation_signs_nobody_out() {
        let app = start(settings()).await;
        sign_up(&app, "ada@example.com").await;
        let first = published(&app).await.keys[0].common.key_id.clone();
        app.clock.advance(settings().key_rotation.after);
        until_published(&app, 2).await;
        let old = testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await);
        assert_eq!(testing::header(&old)["kid"].as_str(), first.as_deref(), "the new key signs too early");
        app.clock.advance(settings().key_rotation.publish_ahead);
        assert!(testing::is_signed_in(&app, &old).await);
        let new = testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await);
        assert_ne!(testing::header(&new)["kid"].as_str(), first.as_deref(), "the new key does not sign");
        app.clock.advance(TOKEN_LIFE - 2 * HOUR);
        until_published(&app, 2).await;
        assert!(testing::is_signed_in(&app, &old).await, "the old key was withdrawn while its tokens live");
        app.clock.advance(4 * HOUR);
        until_published(&app, 1).await;
        assert_ne!(published(&app).await.keys[0].common.key_id, first);
        let stored = async || app.deps.store::<SigningKey>().find(&Default::default()).await.expect("finds").len();
        until(async || stored().await == 1).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn replicas_that_rotate_at_once_agree_on_one_key() {
        let app = start(settings()).await;
        sign_up(&app, "ada@example.com").await;
        let replicas: Vec<AuthState> = (0..4).map(|_| AuthState::new(&app.deps, settings())).collect();
        app.clock.advance(settings().key_rotation.after);
        let cookie = testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await);
        for refreshed in join_all(replicas.iter().map(|replica| replica.keys.refresh())).await {
            refreshed.expect("refreshes");
        }
        let seen: Vec<JwkSet> = replicas.iter().map(|replica| replica.keys.public()).collect();
        assert_eq!(seen[0].keys.len(), 2);
        assert!(seen.iter().all(|keys| *keys == seen[0]), "they differ: {seen:?}");
        assert!(testing::is_signed_in(&app, &cookie).await);
    }
    #[tokio::test(flavor = "multi_thread")]
    async fn with_a_secret_the_keys_in_the_database_are_wrapped_also_those_of_before() {
        let secret = |letter: &str| Some(KeySecret::from_str(&letter.repeat(32)).expect("is long enough"));
        let (mut app, plain) = (start(settings()).await, settings());
        let signed_up = testing::signed_up(&app, "ada@example.com").await;
        let kept = async |app: &Harness| {
            let signing = app.deps.store::<SigningKey>().get(1).await.expect("reads").expect("a key").value;
            let device = app.deps.store::<DeviceKey>().get(DeviceKey::ID).await.expect("reads").expect("a key").value;
            [signing.material.private_key, device.key]
        };
        let bare = kept(&app).await;
        let first = Settings { key_secret: secret("a"), ..plain.clone() };
        testing::replace_service(&mut app, first.clone()).await;
        let wrapped = kept(&app).await;
        assert!(wrapped.iter().all(|key| key.starts_with("wrapped:")), "{wrapped:?}");
        assert!(wrapped.iter().zip(&bare).all(|(wrapped, bare)| !wrapped.contains(bare.as_str())));
        assert!(testing::is_signed_in(&app, &testing::cookie(&signed_up)).await, "the key is the same");
        let next = Settings { key_secret: secret("b"), former_key_secret: secret("a"), ..plain.clone() };
        testing::replace_service(&mut app, next).await;
        assert_ne!(kept(&app).await, wrapped, "they are wrapped by the new secret");
        assert!(testing::is_signed_in(&app, &testing::cookie(&sign_in(&app, "ada@example.com", PASSWORD).await)).await);
        for wrong in [plain, first] {
            let auth = AuthState::new(&app.deps, wrong);
            assert!(matches!(auth.keys.refresh().await, Err(AuthError::WrongKeySecret)));
            assert!(matches!(auth.devices.load().await, Err(AuthError::WrongKeySecret)));
        }
    }
}
