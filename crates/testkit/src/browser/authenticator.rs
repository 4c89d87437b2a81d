use serde_json::json;

use super::Browser;
use super::command::Command;

/// A device that keeps passkeys, as far as the browser knows. Its owner is always there, and agrees.
#[derive(Debug)]
pub struct Authenticator(String);

impl Browser {
    /// Gives the browser a device that keeps passkeys.
    ///
    /// # Panics
    /// If the browser takes none.
    pub async fn plug_in_authenticator(&self) -> Authenticator {
        let kind = json!({"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "isUserConsenting": true});
        let id = self.issue(Command::post("webauthn/authenticator", kind)).await.expect("the browser takes it");
        Authenticator(id.as_str().expect("it has an id").to_owned())
    }

    /// The device is lost, with its passkeys.
    ///
    /// # Panics
    /// If the browser keeps it.
    pub async fn lose(&self, Authenticator(id): Authenticator) {
        self.issue(Command::delete(format!("webauthn/authenticator/{id}"))).await.expect("the browser lets it go");
    }
}
