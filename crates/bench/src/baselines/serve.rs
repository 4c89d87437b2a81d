//! A minimal HTTP server, in a process of its own, as the product is.

use std::net::SocketAddr;

use anyhow::{Context, Result};
use axum::Json;
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::files;

/// A signing key for the benchmark only; it protects nothing.
const SECRET: &[u8] = b"a secret of thirty-two characters";

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
}

/// About the size of an order.
#[derive(Serialize)]
struct Small {
    id: &'static str,
    status: &'static str,
    price: f64,
    title: &'static str,
}

const SMALL: Small = Small { id: "0123456789abcdef01234567", status: "created", price: 19.99, title: "Row A, seat 12" };

/// Serves HTTP at `LISTEN_ADDR` until killed.
///
/// # Errors
/// If it cannot listen there.
pub(crate) async fn run() -> Result<()> {
    let address: SocketAddr = std::env::var("LISTEN_ADDR").context("LISTEN_ADDR is not set")?.parse()?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    let routes = files::routes()
        .route("/readyz", get(async || "ready"))
        .route("/json", get(async || Json(SMALL)))
        .route("/cookie", get(with_cookie));
    Ok(axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), routes).await?)
}

async fn with_cookie(headers: HeaderMap) -> Result<Json<Small>, StatusCode> {
    let cookie = headers.get(header::COOKIE).and_then(|value| value.to_str().ok());
    let token = cookie.and_then(|cookie| cookie.strip_prefix("session=")).ok_or(StatusCode::UNAUTHORIZED)?;
    let key = DecodingKey::from_secret(SECRET);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &Validation::default());
    claims.map(|_| Json(SMALL)).map_err(|_| StatusCode::UNAUTHORIZED)
}

/// A session token that it accepts.
///
/// # Errors
/// If it cannot be signed.
pub(super) fn token() -> Result<String> {
    let claims = Claims { sub: "0123456789abcdef01234567".to_owned(), exp: u64::from(u32::MAX) };
    Ok(jsonwebtoken::encode(&Header::default(), &claims, &EncodingKey::from_secret(SECRET))?)
}
