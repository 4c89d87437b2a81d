//! Passkeys as the standard has them (WebAuthn): what browsers are asked for, and whether their answers are right.
//!
//! A passkey belongs to a site by its name, so there are none where visitors reach us only by a number.

use std::fmt::Display;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::UserId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableAuthentication, DiscoverableKey, Passkey as PasskeyOfLibrary,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse, Url, Uuid,
    Webauthn, WebauthnBuilder,
};

use crate::domain::{Credential, Passkey, User};
use crate::error::AuthError;

/// What an authenticator shows.
const SITE_NAME: &str = "Ticketing";
/// A site that only this machine reaches: whatever its port, it is the same one.
const THIS_MACHINE: &str = "localhost";
/// What follows an account's id in what authenticators know it by, which is longer.
const REST_OF_HANDLE: &str = "00000000";

/// The site that passkeys belong to. Clones share it.
#[derive(Clone)]
pub(crate) struct RelyingParty(Option<Arc<Webauthn>>);

/// What an authenticator is asked to sign.
pub(crate) struct Challenge {
    /// For the browser, in the form that WebAuthn defines.
    pub(crate) options: Value,
    /// For us: what the answer is checked by.
    pub(crate) state: String,
}

impl RelyingParty {
    /// The site at the address that visitors use.
    pub(crate) fn new(site: &str) -> Self {
        let webauthn = Url::parse(site).ok().and_then(|origin| {
            let name = origin.domain()?;
            let builder = WebauthnBuilder::new(name, &origin).ok()?.rp_name(SITE_NAME);
            builder.allow_any_port(name == THIS_MACHINE).build().ok()
        });
        Self(webauthn.map(Arc::new))
    }

    fn webauthn(&self) -> Result<&Webauthn, AuthError> {
        self.0.as_deref().ok_or(AuthError::NoPasskeysHere)
    }

    /// Asks for a new passkey, which its authenticator finds again without being told whose it is.
    pub(crate) fn ask_for_new(&self, user: &User) -> Result<Challenge, AuthError> {
        let known = user.passkeys().iter().filter_map(|passkey| key_of(&passkey.credential).ok());
        let known = known.map(|key| key.cred_id().clone()).collect();
        let email = user.email().as_str();
        let begun = self.webauthn()?.start_passkey_registration(handle_of(user.id)?, email, email, Some(known));
        let (options, state): (CreationChallengeResponse, PasskeyRegistration) = begun.map_err(failed)?;
        let mut options = serde_json::to_value(options).map_err(failed)?;
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        (selection["residentKey"], selection["requireResidentKey"]) = (json!("required"), json!(true));
        Ok(Challenge { options, state: written(&state)? })
    }

    /// The passkey that an authenticator has made.
    pub(crate) fn read_new(&self, state: &str, made: &Made) -> Result<Credential, AuthError> {
        let state: PasskeyRegistration = read(state)?;
        let key = self.webauthn()?.finish_passkey_registration(&made.0, &state);
        credential(&key.map_err(|_| AuthError::PasskeyRefused)?)
    }

    /// Asks for a signature: by one of these passkeys, or by any that the authenticator has for this site.
    pub(crate) fn ask_to_sign(&self, by: &[Passkey]) -> Result<Challenge, AuthError> {
        let begun = self.webauthn()?.start_discoverable_authentication().map_err(failed)?;
        let (options, state): (RequestChallengeResponse, DiscoverableAuthentication) = begun;
        let mut options = serde_json::to_value(options).map_err(failed)?;
        if let Some(options) = options.as_object_mut() {
            // Somebody has pressed a button for it.
            options.remove("mediation");
        }
        let allowed = by.iter().map(|passkey| json!({"type": "public-key", "id": passkey.credential.credential_id}));
        options["publicKey"]["allowCredentials"] = allowed.collect();
        Ok(Challenge { options, state: written(&state)? })
    }

    /// Checks a signature by one of this user's passkeys. Returns it as it was, and as it is from now on.
    pub(crate) fn check(
        &self,
        state: &str,
        answer: &Signed,
        user: &User,
    ) -> Result<(Credential, Credential), AuthError> {
        let webauthn = self.webauthn()?;
        let state: DiscoverableAuthentication = read(state)?;
        let before = &user.passkey_of(&answer.credential_id()).ok_or(AuthError::InvalidCredentials)?.credential;
        let mut key = key_of(before)?;
        let discoverable = DiscoverableKey::from(&key);
        let checked = webauthn.finish_discoverable_authentication_v2(&answer.0, state, discoverable);
        let checked = checked.map_err(|_| AuthError::InvalidCredentials)?;
        key.update_credential(&checked);
        Ok((before.clone(), credential(&key)?))
    }
}

/// It is nothing that an authenticator has made or signed.
#[derive(Debug, thiserror::Error)]
#[error("You must supply what your authenticator has answered")]
pub(crate) struct NoAnswer;

/// What an authenticator has made.
pub(crate) struct Made(RegisterPublicKeyCredential);

impl Made {
    /// Reads a request's field.
    pub(crate) fn parse(field: &Value) -> Result<Self, NoAnswer> {
        serde_json::from_value(field.clone()).map(Self).map_err(|_| NoAnswer)
    }
}

/// What an authenticator has signed.
pub(crate) struct Signed(PublicKeyCredential);

impl Signed {
    /// Reads a request's field.
    pub(crate) fn parse(field: &Value) -> Result<Self, NoAnswer> {
        serde_json::from_value(field.clone()).map(Self).map_err(|_| NoAnswer)
    }

    /// Whose it says it is.
    pub(crate) fn user(&self) -> Option<UserId> {
        let handle = Uuid::from_slice(self.0.get_user_unique_id()?).ok()?.simple().to_string();
        handle.strip_suffix(REST_OF_HANDLE)?.parse().ok()
    }

    fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.get_credential_id())
    }
}

/// What authenticators know an account by.
fn handle_of(user: UserId) -> Result<Uuid, AuthError> {
    Uuid::try_parse(&format!("{user}{REST_OF_HANDLE}")).map_err(failed)
}

fn key_of(credential: &Credential) -> Result<PasskeyOfLibrary, AuthError> {
    read(&credential.public_key)
}

fn credential(key: &PasskeyOfLibrary) -> Result<Credential, AuthError> {
    Ok(Credential { credential_id: URL_SAFE_NO_PAD.encode(key.cred_id()), public_key: written(key)? })
}

fn written(value: &impl Serialize) -> Result<String, AuthError> {
    serde_json::to_string(value).map_err(failed)
}

fn read<T: DeserializeOwned>(kept: &str) -> Result<T, AuthError> {
    serde_json::from_str(kept).map_err(failed)
}

fn failed(error: impl Display) -> AuthError {
    AuthError::Crypto(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_passkeys_if_it_has_a_name() {
        for (site, has_passkeys) in [
            ("http://localhost:3000", true),
            ("https://tickets.example.com", true),
            ("http://127.0.0.1:3000", false),
            ("https://[::1]", false),
            ("tickets", false),
        ] {
            assert_eq!(RelyingParty::new(site).webauthn().is_ok(), has_passkeys, "{site}");
        }
    }

    #[test]
    fn what_authenticators_know_an_account_by_leads_back_to_it() {
        let user: UserId = "5f1f77bcf86cd799439011aa".parse().expect("an id");
        let signed = |handle: &[u8]| {
            let response = json!({"authenticatorData": "", "clientDataJSON": "", "signature": "",
                "userHandle": URL_SAFE_NO_PAD.encode(handle)});
            Signed::parse(&json!({"id": "", "rawId": "", "type": "public-key", "response": response})).expect("reads")
        };
        let handle = handle_of(user).expect("an id");
        assert_eq!(signed(handle.as_bytes()).user(), Some(user));
        for wrong in [&[][..], &[0; 12], &[1; 16], &[0; 17]] {
            assert_eq!(signed(wrong).user(), None, "{wrong:?}");
        }
    }
}
