//! API keys: <https://docs.stripe.com/api/authentication>.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

use crate::domain::Refusal;
use crate::faults::KeyState;

/// Whether the request carries `secret`, as a bearer token or as the user name of basic authentication, and
/// that is good for something.
pub(crate) fn authorize(headers: &HeaderMap, secret: &str, state: KeyState) -> Result<(), Refusal> {
    match (presented_key(headers), state) {
        (Some(key), KeyState::Valid) if key == secret => Ok(()),
        (Some(key), KeyState::Restricted) if key == secret => Err(Refusal::forbidden()),
        (Some(_), _) => Err(Refusal::unauthorized("Invalid API Key provided.")),
        (None, _) => Err(Refusal::unauthorized(
            "You did not provide an API key. You need to provide your API key in the Authorization header.",
        )),
    }
}

fn presented_key(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    if let Some(key) = value.strip_prefix("Bearer ") {
        return Some(key.to_owned());
    }
    let user_and_password = String::from_utf8(STANDARD.decode(value.strip_prefix("Basic ")?).ok()?).ok()?;
    user_and_password.split(':').next().map(str::to_owned)
}
