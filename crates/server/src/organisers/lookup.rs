//! Which event and which person an operator means.

use common::account::{FIND_ACCOUNT, FindAccount, FoundAccount};
use common::event_change::{FIND_EVENT, FindEvent, FoundEvent};
use common::id::{EventId, UserId};

use super::RunningProcess;
use crate::events::{AtAddress, ask, request};

/// The paths at which the running process asks tickets and auth.
pub(super) const EVENTS: &str = "/admin/find-event";
pub(super) const PEOPLE: &str = "/admin/find-account";

impl RunningProcess {
    /// The event, which there must be.
    pub(super) async fn find_event(&self, event: String) -> anyhow::Result<FoundEvent> {
        let service = AtAddress { url: self.tickets_url.as_deref(), flag: "--tickets-url", path: FIND_EVENT };
        ask(request(&self.data, EVENTS, service)?, &FindEvent { event }).await
    }

    /// The person, who must have an account.
    pub(super) async fn find_person(&self, person: String) -> anyhow::Result<UserId> {
        let service = AtAddress { url: self.auth_url.as_deref(), flag: "--auth-url", path: FIND_ACCOUNT };
        let FoundAccount { id } = ask(request(&self.data, PEOPLE, service)?, &FindAccount { person }).await?;
        Ok(id)
    }

    /// The event, also by the id of one that is not there.
    pub(super) async fn event(&self, event: String) -> anyhow::Result<EventId> {
        match event.parse() {
            Ok(id) => Ok(id),
            Err(_) => Ok(self.find_event(event).await?.id),
        }
    }

    /// The person, also by the number of an account that is not there any more.
    pub(super) async fn person(&self, person: String) -> anyhow::Result<UserId> {
        match person.parse() {
            Ok(id) => Ok(id),
            Err(_) => self.find_person(person).await,
        }
    }
}
