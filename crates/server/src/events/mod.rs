//! Events for operators: `ticketing events move|cancel`. An event is everybody's who sells tickets to it, so nobody else may.
//!
//! With a data directory the command asks the running process, as `dead-letters` does. Where tickets is a process of its own
//! it asks that, at the address that services use among themselves.

mod routes;

pub(crate) use routes::passed_on;
pub use routes::routes;

use std::path::{Path, PathBuf};

use anyhow::Context;
use axum::body::Bytes;
use common::event_change::{CHANGE_EVENT, ChangeEvent, ChangedEvent, EventChange, Move};
use http::{Request, header};
use runtime::outbound::{HttpCalls, Network};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::dead_letters::{Contact, contact, understood};
use routes::PLACE;

/// Move or cancel an event; the tickets to it that are for sale follow
#[derive(Debug, clap::Args)]
pub struct EventsCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say that it takes place at another time, or in another place; what is not given stays
    Move {
        /// What it is called in addresses, or its id
        event: String,
        #[command(flatten)]
        to: Destination,
        #[command(flatten)]
        process: RunningProcess,
    },
    /// Say that it does not take place, for good
    Cancel {
        /// What it is called in addresses, or its id
        event: String,
        #[command(flatten)]
        process: RunningProcess,
    },
}

/// When and where it takes place now.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = true)]
struct Destination {
    /// A date and time of day at the venue, such as 2027-06-12T19:30
    #[arg(long, value_name = "TIME")]
    starts_at: Option<String>,
    /// The time zone of the venue, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// The name of the venue
    #[arg(long, value_name = "NAME")]
    venue: Option<String>,
    /// The city that the venue is in
    #[arg(long, value_name = "NAME")]
    city: Option<String>,
    /// The country that the city is in
    #[arg(long, value_name = "NAME")]
    country: Option<String>,
}

/// What to ask.
#[derive(Debug, clap::Args)]
struct RunningProcess {
    /// The data directory of the running process
    #[arg(long, env = "DATA_DIR", default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Where tickets answers, if it is a process of its own
    #[arg(long, env = "TICKETS_URL", value_name = "URL")]
    tickets_url: Option<String>,
}

impl EventsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// If nobody answers, or the change is refused.
    pub async fn run(self) -> anyhow::Result<()> {
        let (event, change, process) = match self.action {
            Action::Move { event, to, process } => (event, EventChange::Move(to.into()), process),
            Action::Cancel { event, process } => (event, EventChange::Cancel, process),
        };
        let ChangedEvent { slug, name, place, starts_at, cancelled } =
            process.ask(&ChangeEvent { event, change }).await?;
        let state = if cancelled { "cancelled: " } else { "" };
        println!("{state}{name}, {place}, {starts_at} (/e/{slug})");
        Ok(())
    }
}

impl From<Destination> for Move {
    fn from(to: Destination) -> Self {
        let Destination { starts_at, time_zone, venue, city, country } = to;
        Self { starts_at, time_zone, venue, city, country }
    }
}

impl RunningProcess {
    async fn ask(&self, question: &ChangeEvent) -> anyhow::Result<ChangedEvent> {
        let service = AtAddress { url: self.tickets_url.as_deref(), flag: "--tickets-url", path: CHANGE_EVENT };
        ask(request(&self.data, PLACE, service)?, question).await
    }
}

/// A service that may be a process of its own.
pub(crate) struct AtAddress<'a> {
    /// Where it answers then.
    pub(crate) url: Option<&'a str>,
    /// What says so.
    pub(crate) flag: &'static str,
    /// The path of the question there.
    pub(crate) path: &'static str,
}

/// A question to a service; if it is no process of its own, at `place` to the one with its data in `data`.
pub(crate) fn request(data: &Path, place: &str, service: AtAddress<'_>) -> anyhow::Result<http::request::Builder> {
    let AtAddress { url, flag, path } = service;
    if let Some(url) = url {
        return Ok(Request::post(format!("{}{path}", url.trim_end_matches('/'))));
    }
    let Contact { address, secret } = contact(data).with_context(|| {
        format!("no process has its data in {}; use --data or {flag} to say which is meant", data.display())
    })?;
    Ok(Request::post(format!("http://{address}{place}")).header(header::AUTHORIZATION, secret.header()))
}

/// Asks it, and reads the answer.
pub(crate) async fn ask<A: DeserializeOwned>(
    request: http::request::Builder,
    question: &impl Serialize,
) -> anyhow::Result<A> {
    let body = Bytes::from(serde_json::to_vec(question)?);
    let request = request.header(header::CONTENT_TYPE, "application/json").body(body)?;
    let network = Network::new().context("an HTTP client")?;
    let response = network.call(request).await.context("the running process does not answer")?;
    serde_json::from_slice(&understood(response)?).context("the running process answered something else")
}
