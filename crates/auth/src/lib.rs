//! The auth service: accounts, what their owners sign in with, sessions and the keys they are signed with.
//!
//! It alone can sign session tokens. The other services verify them with its public keys
//! (`GET /api/users/keys`) and hear of sessions that end early through `sessions.revoked`. What people are to be told of
//! their accounts goes to the one that writes mails, through `notices.due`.

#[cfg(test)]
mod audit_log;
mod ceremonies;
mod credentials;
mod devices;
mod domain;
mod error;
#[cfg(test)]
mod fairness;
#[cfg(test)]
mod fuzz;
mod jwk;
mod key_wrap;
mod keys;
mod limiter;
mod links;
mod owner;
mod passkeys;
mod passwords;
mod peer;
mod recovery;
mod resets;
mod routes;
mod sessions;
mod settings;
mod state;
mod store;
mod tasks;
#[cfg(test)]
mod testing;
mod users;

use std::time::Duration;

use common::events::{Event, NoticeDue, SessionRevoked, UserErased, stream_of};
use ports::bus::Stream;
use runtime::session::TOKEN_LIFE;
use runtime::{Deps, Service, ServiceDefinition};

pub use domain::{KeyRotation, Rate};
pub use key_wrap::KeySecret;
pub use settings::{HashCost, HashQueue, Limits, MailSettings, Settings};

use state::AuthState;

/// The service's name.
const NAME: &str = "auth";

/// How much longer than a token lives its revocation is kept, for clocks that differ and for
/// events that were published late.
const REVOCATION_MARGIN: Duration = Duration::from_secs(60 * 60);

/// How long notices are kept: for longer than the service that writes them may be away, after which nobody wants
/// to read them any more.
const NOTICES_ARE_KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The auth service.
pub fn definition(settings: Settings) -> ServiceDefinition {
    ServiceDefinition {
        name: NAME,
        collections: store::COLLECTIONS,
        api: routes::router().into_openapi(),
        build: Box::new(|deps| build(&deps, settings)),
    }
}

fn build(deps: &Deps, settings: Settings) -> Service {
    let auth = AuthState::new(deps, settings);
    Service {
        internal: routes::internal().with_state(auth.clone()),
        tasks: tasks::all(&auth),
        routes: routes::guarded(auth),
        streams: vec![
            Stream { max_age: Some(TOKEN_LIFE + REVOCATION_MARGIN), ..Stream::new(stream_of(SessionRevoked::TYPE)) },
            Stream { max_age: Some(NOTICES_ARE_KEPT), ..Stream::new(stream_of(NoticeDue::TYPE)) },
            // Kept for good: whoever is new here has to forget them, too.
            Stream::new(stream_of(UserErased::TYPE)),
        ],
        listeners: Vec::new(),
    }
}
