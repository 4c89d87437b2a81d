use std::sync::Arc;

use async_trait::async_trait;
use mail::{Mail, NotSent, Transport};
use server::services::ServiceName;

use super::weather::Weather;
use crate::simulation::history::{History, HistoryEvent};
use crate::simulation::party::ProcessName;

/// A mail server that takes everything. On the way to it a mail may be lost, and on the way back its answer.
pub(in crate::simulation) struct MailServer {
    pub(in crate::simulation) weather: Arc<Weather>,
    pub(in crate::simulation) history: History,
}

#[async_trait]
impl Transport for MailServer {
    async fn send(&self, mail: &Mail) -> Result<(), NotSent> {
        if self.weather.strikes(|rates| rates.call_fails) {
            self.trouble(format!("the mail {} is lost", mail.id));
            return Err(NotSent::Later("the connection was cut".into()));
        }
        let is_answered = !self.weather.strikes(|rates| rates.call_fails);
        self.history.note(HistoryEvent::Mailed { mail: mail.id.clone(), is_answered });
        if is_answered { Ok(()) } else { Err(NotSent::Later("the answer was lost".into())) }
    }
}

impl MailServer {
    fn trouble(&self, what: String) {
        // Which of mail's processes has sent it, it does not see.
        let who = ProcessName { service: ServiceName::Mail, number: 0 };
        self.history.note(HistoryEvent::Trouble { who: who.into(), what });
    }
}
