//! Organisers of events for operators: `ticketing organisers add|remove|list`. They may sell tickets that are issued here, and
//! check them in, so nobody but an operator says who they are.

mod lookup;

use std::path::PathBuf;

use axum::Router;
use common::account::FIND_ACCOUNT;
use common::event_change::{FIND_EVENT, FoundEvent};
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
        /// What it is called in addresses, behind /e/, or its id
        event: String,
        /// The address of their account, or its number, which they find on its page, /account
        person: String,
        #[command(flatten)]
        process: RunningProcess,
    },
    /// Say that somebody does not any more; what they have for sale stays for sale
    Remove {
        /// What it is called in addresses, behind /e/, or its id
        event: String,
        /// The address of their account, or its number, as `list` shows it
        person: String,
        #[command(flatten)]
        process: RunningProcess,
    },
    /// List the account numbers of those who do
    List {
        /// What it is called in addresses, behind /e/, or its id
        event: String,
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
    /// Where tickets answers, if it is a process of its own: it knows the events
    #[arg(long, env = "TICKETS_URL", value_name = "URL")]
    tickets_url: Option<String>,
    /// Where auth answers, if it is a process of its own: it knows the people
    #[arg(long, env = "AUTH_URL", value_name = "URL")]
    auth_url: Option<String>,
}

impl OrganisersCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// If nobody answers, or there is no such event or person.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.action {
            Action::Add { event, person, process } => {
                // Both are looked for, also where ids are given: nobody would notice later that there is no such event.
                let FoundEvent { id, slug, name } = process.find_event(event).await?;
                let person = process.find_person(person).await?;
                process.organisers(id, Some(ChangeOrganisers::Add(person))).await?;
                println!("{person} organises {name} (/e/{slug})");
            }
            Action::Remove { event, person, process } => {
                let (event, person) = (process.event(event).await?, process.person(person).await?);
                print(&process.organisers(event, Some(ChangeOrganisers::Remove(person))).await?);
            }
            Action::List { event, process } => print(&process.organisers(process.event(event).await?, None).await?),
        }
        Ok(())
    }
}

fn print(people: &[UserId]) {
    if people.is_empty() {
        println!("nobody organises it");
    }
    for person in people {
        println!("{person}");
    }
}

impl RunningProcess {
    /// Who organises the event, once they are as this says.
    async fn organisers(&self, event: EventId, change: Option<ChangeOrganisers>) -> anyhow::Result<Vec<UserId>> {
        let service = AtAddress { url: self.delivery_url.as_deref(), flag: "--delivery-url", path: ORGANISERS };
        let request = request(&self.data, PLACE, service)?;
        let Organisers { people } = ask(request, &AskOrganisers { event, change }).await?;
        Ok(people)
    }
}

/// `/admin/organisers`, and what finds an event and a person for it, for requests with the `secret`; for all others they do
/// not exist.
pub fn routes(internal: Router, secret: AdminSecret) -> Router {
    let places = [(PLACE, ORGANISERS), (lookup::EVENTS, FIND_EVENT), (lookup::PEOPLE, FIND_ACCOUNT)];
    places.into_iter().fold(Router::new(), |routes, (place, path)| {
        routes.merge(passed_on(place, path, internal.clone(), secret.clone()))
    })
}
