use std::sync::Arc;

use async_trait::async_trait;
use axum::body::Bytes;
use http::{Request, Response};
use runtime::outbound::{CallFailed, HttpCalls};

use super::gate::Gate;

/// The network between a service and what it calls: calls that are lost or delayed, and responses that are
/// lost.
pub(in crate::simulation) struct TroubledCalls {
    /// Who is called, for the history.
    pub(in crate::simulation) name: &'static str,
    /// What is called, without faults.
    pub(in crate::simulation) called: Arc<dyn HttpCalls>,
    pub(in crate::simulation) gate: Gate,
}

impl TroubledCalls {
    /// One direction, in which the call or its response may be lost, with or without an error.
    async fn may_be_lost(&self, what: &str) -> Result<(), CallFailed> {
        if self.gate.weather.strikes(|rates| rates.call_fails) {
            self.gate.trouble(format!("{what} is lost"));
            return Err(cut());
        }
        if self.gate.weather.strikes(|rates| rates.call_silent) {
            self.gate.trouble(format!("{what} is lost without an error"));
            return std::future::pending().await;
        }
        Ok(())
    }
}

#[async_trait]
impl HttpCalls for TroubledCalls {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let what = format!("calling {}: {} {}", self.name, request.method(), request.uri().path());
        self.gate.moment("before", &what).await;
        self.may_be_lost(&what).await?;
        let weather = &self.gate.weather;
        let late = weather.strikes(|rates| rates.call_late).then(|| weather.chance().millis(500..=9_000));
        if let Some(late) = late {
            self.gate.trouble(format!("{what} takes {late:?} on its way"));
        }
        let called = self.called.clone();
        // A request in flight arrives whether or not its sender still waits or lives.
        let arrival = tokio::spawn(async move {
            if let Some(late) = late {
                tokio::time::sleep(late).await;
            }
            called.call(request).await
        });
        let answer = self.gate.life.outlive(arrival).await;
        self.gate.moment("after", &what).await;
        self.may_be_lost(&format!("the answer to {what}")).await?;
        answer.unwrap_or_else(|_| Err(cut()))
    }
}

/// The connection broke.
pub(in crate::simulation) fn cut() -> CallFailed {
    CallFailed("the connection was cut".into())
}
