//! Organisers of events for operators: `ticketing organisers add|remove|list`. They may sell tickets that are issued here, and
//! check them in, so nobody but an operator says who they are.

use std::path::PathBuf;

use axum::Router;
use common::id::{EventId, UserId};
use common::organisers::{AskOrganisers, ChangeOrganisers, ORGANISERS, Organisers};

use crate::dead_letters::AdminSecret;
use crate::events::{AtAddress, ask, passed_on, request};

/// The path at which the running process asks delivery.
const PLACE: &str = "/admin/organisers";

/// Say who organises an event: they may sell tickets to it that are issued here, and check them in
#[derive(Debug, clap::Args)]
pub struct OrganisersCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Say that somebody organises the event
    Add {
        /// The event's id: what /api/events/NAME answers, where NAME stands behind /e/ in the address of its page
        event: EventId,
        /// The number of their account, which they find on its page, /account
        person: UserId,
        #[command(flatten)]
        process: RunningProcess,
    },
    /// Say that somebody does not any more; what they have for sale stays for sale
    Remove {
        /// The event's id: what /api/events/NAME answers, where NAME stands behind /e/ in the address of its page
        event: EventId,
        /// The number of their account, as `list` shows it
        person: UserId,
        #[command(flatten)]
        process: RunningProcess,
    },
    /// List the account numbers of those who do
    List {
        /// The event's id: what /api/events/NAME answers, where NAME stands behind /e/ in the address of its page
        event: EventId,
        #[command(flatten)]
        process: RunningProcess,
    },
}

/// What to ask.
#[derive(Debug, clap::Args)]
struct RunningProcess {
    /// The data directory of the running process
    #[arg(long, env = "DATA_DIR", default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Where delivery answers, if it is a process of its own
    #[arg(long, env = "DELIVERY_URL", value_name = "URL")]
    delivery_url: Option<String>,
}

impl OrganisersCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// If nobody answers.
    pub async fn run(self) -> anyhow::Result<()> {
        let (event, change, process) = match self.action {
            Action::Add { event, person, process } => (event, Some(ChangeOrganisers::Add(person)), process),
            Action::Remove { event, person, process } => (event, Some(ChangeOrganisers::Remove(person)), process),
            Action::List { event, process } => (event, None, process),
        };
        let service = AtAddress { url: process.delivery_url.as_deref(), flag: "--delivery-url", path: ORGANISERS };
        let request = request(&process.data, PLACE, service)?;
        let Organisers { people } = ask(request, &AskOrganisers { event, change }).await?;
        if people.is_empty() {
            println!("nobody organises it");
        }
        for person in people {
            println!("{person}");
        }
        Ok(())
    }
}

/// `/admin/organisers` for requests with the `secret`; for all others it does not exist.
pub fn routes(internal: Router, secret: AdminSecret) -> Router {
    passed_on(PLACE, ORGANISERS, internal, secret)
}
