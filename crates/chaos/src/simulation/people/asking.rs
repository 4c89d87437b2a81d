use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Body;
use http::{Request, header};
use serde_json::Value;
use server::services::ServiceName;

use super::Person;
use crate::simulation::history::HistoryEvent;

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

impl Person {
    pub(super) fn request(method: &str, path: &str, cookie: Option<&str>, body: &Value) -> Request<Body> {
        let mut builder = Request::builder().method(method).uri(path);
        if let Some(cookie) = cookie {
            builder = builder.header(header::COOKIE, cookie);
        }
        let body = if body.is_null() {
            Body::empty()
        } else {
            builder = builder.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        };
        builder.body(body).expect("our own requests are well-formed")
    }

    /// Sends a request with the present session. `None` if there is no response.
    pub(super) async fn ask(&self, service: ServiceName, method: &str, path: &str, body: Value) -> Option<Reply> {
        self.ask_with(self.session(), service, method, path, body).await
    }

    pub(in crate::simulation) async fn ask_with(
        &self,
        session: usize,
        service: ServiceName,
        method: &str,
        path: &str,
        body: Value,
    ) -> Option<Reply> {
        let cookie = self.market.known().sessions[self.number][session].cookie.clone();
        let request = Self::request(method, path, Some(&cookie), &body);
        let around = &self.system.around;
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let call = format!("{method} {path}");
        around.history.note(HistoryEvent::Asked { number, person: self.number, session, service, call, body });
        let is_impatient = around.weather.strikes(|rates| rates.hang_up);
        let patience = if is_impatient { self.chance.millis(0..=80) } else { PATIENCE };
        let answer = tokio::time::timeout(patience, self.system.process(service).answer(request)).await.ok().flatten();
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

    /// Retries while the outcome is unknown, as people do.
    pub(super) async fn ask_until_clear<F: Future<Output = Option<Reply>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Option<Reply> {
        for _ in 0..TRIES {
            match ask().await {
                Some(reply) if reply.status < 500 => return Some(reply),
                _ => tokio::time::sleep(self.chance.millis(100..=1_500)).await,
            }
        }
        None
    }
}
