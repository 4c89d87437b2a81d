use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::Value;

use super::Person;
use super::call::Call;
use crate::simulation::history::HistoryEvent;
use crate::simulation::system::Process;

/// The request timeout.
const PATIENCE: Duration = Duration::from_secs(12);
/// How many times people retry when the outcome is unknown.
const TRIES: u32 = 4;

/// A response.
#[derive(Debug, Clone)]
pub(in crate::simulation) struct Reply {
    pub(in crate::simulation) status: u16,
    pub(in crate::simulation) body: Value,
}

impl Reply {
    /// The id of what was made or found.
    pub(super) fn id(&self) -> Option<String> {
        let is_success = (200..300).contains(&self.status);
        self.body["id"].as_str().filter(|_| is_success).map(str::to_owned)
    }
}

impl Person {
    /// Sends a request with the present session. `None` if there is no response.
    pub(super) async fn ask(&self, call: Call) -> Option<Reply> {
        self.ask_with(self.session(), call).await
    }

    pub(super) async fn ask_with(&self, session: usize, call: Call) -> Option<Reply> {
        self.ask_process(self.system.service(call.service).choose(), session, call).await
    }

    /// The same, whoever the load balancer would have chosen.
    pub(super) async fn ask_process(&self, process: &Process, session: usize, call: Call) -> Option<Reply> {
        let cookie = self.market.known().sessions[self.number][session].cookie.clone();
        let request = call.request(Some(&cookie));
        let around = &self.system.around;
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let Call { service: _, method, path, body, headers } = call;
        let (person, call) = (self.number, format!("{method} {path}"));
        let asked = HistoryEvent::Asked { number, person, session, process: process.name, call, headers, body };
        around.history.note(asked);
        let is_impatient = around.weather.strikes(|rates| rates.hang_up);
        let patience = if is_impatient { self.chance.millis(0..=80) } else { PATIENCE };
        let answer = tokio::time::timeout(patience, process.answer(request)).await.ok().flatten();
        let reply = answer.map(|(status, _, body)| Reply {
            status: status.as_u16(),
            body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        });
        let (status, body) = match &reply {
            Some(reply) => (Some(reply.status), reply.body.clone()),
            None => (None, Value::Null),
        };
        around.history.note(HistoryEvent::Answered { number, status, body });
        reply
    }

    /// Retries while the outcome is unknown, as people do, each time with the session of that moment.
    pub(super) async fn ask_until_clear(&self, call: Call) -> Option<Reply> {
        self.retry(call, || self.session()).await
    }

    /// The same with one session.
    pub(super) async fn ask_until_clear_with(&self, session: usize, call: Call) -> Option<Reply> {
        self.retry(call, || session).await
    }

    async fn retry(&self, call: Call, session: impl Fn() -> usize) -> Option<Reply> {
        for _ in 0..TRIES {
            match self.ask_with(session(), call.clone()).await {
                Some(reply) if reply.status < 500 => return Some(reply),
                _ => tokio::time::sleep(self.chance.millis(100..=1_500)).await,
            }
        }
        None
    }
}
