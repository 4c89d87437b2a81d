//! Mail: tells people what has become of their orders, their money, their tickets and their accounts.
//!
//! It is told by events, keeps one message for each person and cause, and sends it until a mail server has taken it on.
//! Nobody waits for it. People can look up what they were told.

mod domain;
mod letter;
mod listeners;
mod routes;
mod sending;
mod settings;
mod state;
mod store;
mod tasks;
#[cfg(test)]
mod testing;
mod transport;
mod words;

use ports::store::Collection;
use runtime::erasure::{Erasure, Erasures};
use runtime::store::Stored;
use runtime::{Deps, Service, ServiceDefinition};
use utoipa_axum::router::OpenApiRouter;

pub use letter::{InvalidTemplates, Templates};
pub use settings::{InvalidSender, Language, Sender, Settings};
pub use transport::{InvalidServer, KeptMail, KeptMails, Mail, NoTls, NotSent, Smtp, SmtpServer, Transport};

use crate::domain::{Event, Message, Order, RefusedAddress};
use crate::state::MailState;

/// The name of the service.
const NAME: &str = "mail";

const COLLECTIONS: &[&Collection] =
    &[Message::COLLECTION, Order::COLLECTION, Event::COLLECTION, RefusedAddress::COLLECTION, Erasure::COLLECTION];

/// The service as a value.
pub fn definition(settings: Settings) -> ServiceDefinition {
    ServiceDefinition {
        name: NAME,
        collections: COLLECTIONS,
        api: routes::router().into_openapi(),
        build: Box::new(move |deps| build(&deps, settings)),
    }
}

fn build(deps: &Deps, settings: Settings) -> Service {
    let (state, erasures) = (MailState::new(deps, settings), Erasures::new(deps));
    Service {
        internal: OpenApiRouter::new(),
        // It publishes nothing.
        streams: Vec::new(),
        listeners: [listeners::all(&state), vec![erasures.listener(NAME)]].concat(),
        tasks: tasks::all(&state, &erasures),
        routes: routes::router().with_state(state),
    }
}
