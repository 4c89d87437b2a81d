//! What the tests of the service begin with.

mod auth;
mod happening;
mod mail_server;
mod told;

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use common::events::NewEvent;
use common::version::Version;
use harness::Harness;
use tokio_util::sync::CancellationToken;

use crate::Settings;

use auth::{Auth, ScriptedAuth};
pub(crate) use happening::*;
pub(crate) use mail_server::Reply;
use mail_server::ScriptedServer;
pub(crate) use told::recipient;

/// The pause after the first attempt that fails.
pub(crate) const RETRY: Duration = Duration::from_secs(60);

/// The mail service under test, with a mail server and an auth service that a test controls.
pub(crate) struct App {
    harness: Harness,
    server: ScriptedServer,
    auth: ScriptedAuth,
}

impl Deref for App {
    type Target = Harness;

    fn deref(&self) -> &Harness {
        &self.harness
    }
}

pub(crate) async fn start() -> App {
    let server = ScriptedServer::new();
    let harness = Harness::start(crate::definition(settings(&server))).await;
    App::new(harness, server)
}

/// A service that has never run before, when this has happened already.
pub(crate) async fn start_after(history: &[(Version, NewEvent)]) -> App {
    let server = ScriptedServer::new();
    let harness = Harness::start_after(history, crate::definition(settings(&server))).await;
    App::new(harness, server)
}

/// Under which only what was heard of, and the clock, can be what sends.
fn settings(server: &ScriptedServer) -> Settings {
    Settings {
        transport: Arc::new(server.clone()),
        sender: "Tickets <tickets@example.com>".parse().expect("a sender"),
        public_url: "https://tickets.example.com".into(),
        poll_every: Duration::from_secs(3600),
        ..Settings::default()
    }
}

impl App {
    fn new(harness: Harness, server: ScriptedServer) -> Self {
        let auth = ScriptedAuth::new();
        harness.deps.platform.peers.serve(auth.routes());
        Self { harness, server, auth }
    }

    /// From now on the mail server says this.
    pub(crate) fn script(&self, reply: Reply) {
        self.server.script(reply);
    }

    /// From now on auth says that everybody is to be written to at this address.
    pub(crate) fn know(&self, address: &'static str) {
        self.auth.say(Auth::At(address));
    }

    /// From now on auth says that nobody is to be written to.
    pub(crate) fn know_nobody(&self) {
        self.auth.say(Auth::Nobody);
    }

    /// From now on auth says that everybody has yet to confirm their address.
    pub(crate) fn know_unconfirmed(&self) {
        self.auth.say(Auth::NotYet);
    }

    /// From now on auth says nothing.
    pub(crate) fn lose_auth(&self) {
        self.auth.say(Auth::Away);
    }

    /// Starts the tasks of another process on the same store.
    pub(crate) fn run_another(&self, shutdown: &CancellationToken) {
        for task in crate::build(&self.deps, settings(&self.server)).tasks {
            tokio::spawn((task.run)(shutdown.clone()));
        }
    }
}
