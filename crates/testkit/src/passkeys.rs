//! Passkeys of users who have no browser.

use client::{Client, PasskeyId};
use harness::DevicePasskey;
use serde_json::{Value, json};

/// Adds a passkey of a signed-in user at a site that runs on this machine.
///
/// # Panics
/// If it is refused.
pub async fn add_passkey(site: &str, user: &Client, password: &str) -> (PasskeyId, DevicePasskey) {
    let begun = post(site, user, "/api/users/passkeys/begin", json!({"password": password})).await;
    let (device, credential) = DevicePasskey::create("http://localhost", &begun["options"]);
    let body = json!({"ceremony": begun["ceremony"], "name": "My phone", "credential": credential});
    let added = post(site, user, "/api/users/passkeys", body).await;
    let id = added["id"].as_str().and_then(|id| id.parse().ok());
    (id.unwrap_or_else(|| panic!("no passkey: {added}")), device)
}

async fn post(site: &str, user: &Client, path: &str, body: Value) -> Value {
    let cookie = format!("session={}", user.token().expect("is signed in"));
    let request = reqwest::Client::new().post(format!("{site}{path}")).header("cookie", cookie).json(&body);
    request.send().await.expect("an answer").json().await.expect("JSON")
}
