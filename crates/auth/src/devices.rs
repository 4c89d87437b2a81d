//! Browsers in which somebody has signed in before, recognised by a cookie of their own.
//!
//! Limits on failed sign-ins can be used up on purpose, to keep the owner of an account out. Who holds such a
//! cookie for the account has attempts of their own, which nobody else can use up (OWASP: "Slow Down Online
//! Guessing Attacks with Device Cookies"). It proves nothing but that, and signs nobody in.

use std::sync::{Arc, OnceLock};

use aws_lc_rs::{hmac, rand};
use axum::extract::FromRequestParts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::{Id, IdGenerator, UserId};
use http::header::USER_AGENT;
use http::request::Parts;
use ports::clock::Clock;
use ports::store::{Conflict, StoreError};
use runtime::session::DeviceCookie;
use runtime::store::Store;
use tower_cookies::Cookie;

use crate::domain::{DeviceKey, DeviceName};
use crate::error::AuthError;
use crate::key_wrap::{KeyWrap, Opened};
use crate::state::AuthState;

/// What the key is wrapped as.
const WRAP_NAME: &str = "device key";

/// What [`DeviceId`] is an id of.
pub(crate) enum Device {}

/// The id of a browser.
pub(crate) type DeviceId = Id<Device>;

/// Recognises browsers. Clones share the key.
#[derive(Clone)]
pub(crate) struct Devices {
    pub(crate) store: Store<DeviceKey>,
    pub(crate) key: Arc<OnceLock<hmac::Key>>,
    pub(crate) wrap: KeyWrap,
    pub(crate) cookie: DeviceCookie,
    pub(crate) clock: Clock,
    pub(crate) ids: IdGenerator,
}

/// How many accounts a browser is known for: as many as share one at home.
const ACCOUNTS: usize = 4;
/// What separates them in the cookie.
const SEPARATOR: &str = "~";

/// What is known of the browser that a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct KnownDevice {
    /// What it says it is.
    pub(crate) name: DeviceName,
    /// Who has signed in there before, the last one first.
    accounts: Vec<(UserId, DeviceId)>,
}

impl KnownDevice {
    /// The browser, if this user has signed in there.
    pub(crate) fn of(&self, user: UserId) -> Option<DeviceId> {
        self.accounts.iter().find(|(known, _)| *known == user).map(|(_, device)| *device)
    }

    /// Who has signed in there, the last one first.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = UserId> {
        self.accounts.iter().map(|(user, _)| *user)
    }
}

impl Devices {
    /// Loads the key that cookies are signed with, or makes it: once for all replicas.
    pub(crate) async fn load(&self) -> Result<(), AuthError> {
        if self.key.get().is_some() {
            return Ok(());
        }
        let key = loop {
            if let Some(stored) = self.store.get(DeviceKey::ID).await? {
                break stored.value;
            }
            let key = self.wrap.close(WRAP_NAME, &generate()?)?;
            match self.store.insert(DeviceKey { id: DeviceKey::ID.to_owned(), key }, &()).await {
                Err(StoreError::Conflict(Conflict::Exists)) => {}
                inserted => break inserted?.value,
            }
        };
        let kept = key.key;
        let Opened { key, is_outdated } = self.wrap.open(WRAP_NAME, &kept)?;
        if is_outdated {
            let wrapped = self.wrap.close(WRAP_NAME, &key)?;
            let rewrap = |stored: &mut DeviceKey, _| Ok::<_, StoreError>(stored.rewrap(&kept, &wrapped));
            self.store.update(DeviceKey::ID, rewrap).await?;
        }
        let bytes = URL_SAFE_NO_PAD.decode(&key).map_err(failed)?;
        self.key.get_or_init(|| hmac::Key::new(hmac::HMAC_SHA256, &bytes));
        Ok(())
    }

    /// The cookie of a browser in which this user is not known any more: of who else has signed in there, or none.
    pub(crate) fn forget(&self, user: UserId, known: &KnownDevice) -> Cookie<'static> {
        let others = known.accounts.iter().filter(|(other, _)| *other != user).copied();
        self.key.get().and_then(|key| self.cookie_of(key, others)).unwrap_or_else(|| self.cookie.cleared())
    }

    /// The cookie by which a browser is recognised in which this user has just signed in: the same as
    /// before, or a new one. `None` while the key is not known.
    pub(crate) fn remember(&self, user: UserId, known: &KnownDevice) -> Option<Cookie<'static>> {
        let key = self.key.get()?;
        let device = known.of(user).unwrap_or_else(|| self.ids.next(self.clock.now()));
        let others = known.accounts.iter().filter(|(other, _)| *other != user).copied();
        self.cookie_of(key, std::iter::once((user, device)).chain(others))
    }

    /// `None` if there is nobody to be known.
    fn cookie_of(
        &self,
        key: &hmac::Key,
        accounts: impl Iterator<Item = (UserId, DeviceId)>,
    ) -> Option<Cookie<'static>> {
        let value = |(user, device)| {
            let signature = hmac::sign(key, signed(user, device).as_bytes());
            format!("{user}.{device}.{}", URL_SAFE_NO_PAD.encode(signature))
        };
        let values: Vec<String> = accounts.take(ACCOUNTS).map(value).collect();
        (!values.is_empty()).then(|| self.cookie.with_value(values.join(SEPARATOR)))
    }

    fn recognise(&self, value: &str) -> Option<(UserId, DeviceId)> {
        let mut parts = value.split('.');
        let (user, device, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let (user, device) = (user.parse().ok()?, device.parse().ok()?);
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        hmac::verify(self.key.get()?, signed(user, device).as_bytes(), &signature).ok()?;
        Some((user, device))
    }
}

fn signed(user: UserId, device: DeviceId) -> String {
    format!("device {user} {device}")
}

fn generate() -> Result<String, AuthError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(failed)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn failed(error: impl std::fmt::Display) -> AuthError {
    AuthError::Crypto(error.to_string())
}

impl FromRequestParts<AuthState> for KnownDevice {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, auth: &AuthState) -> Result<Self, Self::Rejection> {
        let values = auth.devices.cookie.read(&parts.headers).unwrap_or_default().split(SEPARATOR).take(ACCOUNTS);
        let accounts = values.filter_map(|value| auth.devices.recognise(value)).collect();
        let header = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { name: DeviceName::of_user_agent(header.unwrap_or_default()), accounts })
    }
}
