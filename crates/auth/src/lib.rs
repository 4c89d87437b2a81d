//! The auth service: accounts, sessions and the keys they are signed with.
//!
//! It alone can sign session tokens. The other services verify them with its public keys
//! (`GET /api/users/keys`) and hear of sessions that end early through `sessions.revoked`.

mod domain;
mod error;
#[cfg(test)]
mod fuzz;
mod keys;
mod limiter;
mod passwords;
mod peer;
mod routes;
mod sessions;
mod settings;
mod state;
mod tasks;
#[cfg(test)]
mod testing;
mod users;

use std::time::Duration;

use ports::bus::Stream;
use ports::store::Collection;
use runtime::session::TOKEN_LIFE;
use runtime::store::Aggregate;
use runtime::{Deps, Service};

pub use settings::{HashCost, KeyRotation, Limits, Rate, Settings};

use domain::{Attempts, Session, SigningKey, User};
use state::Auth;

/// The service's name.
pub const NAME: &str = "auth";

/// Where its data is kept.
pub const COLLECTIONS: &[&Collection] =
    &[User::COLLECTION, Session::COLLECTION, SigningKey::COLLECTION, Attempts::COLLECTION];

/// How much longer than a token lives its revocation is kept, for clocks that differ and for
/// events that were published late.
const REVOCATION_MARGIN: Duration = Duration::from_secs(60 * 60);

/// The description of its HTTP API, whether or not it runs.
pub fn api() -> utoipa::openapi::OpenApi {
    routes::router().into_openapi()
}

/// The service, ready to be run.
pub fn service(deps: Deps, settings: Settings) -> Service {
    let auth = Auth::new(&deps, settings);
    Service {
        name: NAME,
        tasks: tasks::all(&auth),
        routes: routes::guarded(auth),
        streams: vec![Stream { name: "sessions", max_age: Some(TOKEN_LIFE + REVOCATION_MARGIN) }],
        listeners: Vec::new(),
    }
}
