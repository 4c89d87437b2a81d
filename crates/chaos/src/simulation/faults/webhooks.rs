use std::sync::{Arc, Weak};

use async_trait::async_trait;
use axum::body::{Body, Bytes};
use http::{Request, Response};
use runtime::outbound::{CallFailed, HttpCalls};

use super::calls::cut;
use super::weather::Weather;
use crate::simulation::history::{History, HistoryEvent};
use crate::simulation::party::Actor;
use crate::simulation::system::Processes;

/// The network between Stripe and payments: webhooks that are lost, for a while or for good, delayed or duplicated.
pub(in crate::simulation) struct TroubledWebhooks {
    /// Weak, as payments holds Stripe, which holds this.
    pub(in crate::simulation) payments: Weak<Processes>,
    /// Whether none arrives.
    pub(in crate::simulation) is_deaf: bool,
    pub(in crate::simulation) weather: Arc<Weather>,
    pub(in crate::simulation) history: History,
}

impl TroubledWebhooks {
    fn payments(&self) -> Result<Arc<Processes>, CallFailed> {
        self.payments.upgrade().ok_or_else(cut)
    }

    fn trouble(&self, what: &str) {
        self.history.note(HistoryEvent::Trouble { who: Actor::Stripe, what: what.into() });
    }
}

#[async_trait]
impl HttpCalls for TroubledWebhooks {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let (payments, weather) = (self.payments()?, &self.weather);
        if self.is_deaf {
            self.trouble("a webhook is lost for good");
            return Ok(Response::new(Bytes::new()));
        }
        if weather.strikes(|rates| rates.webhook_lost) {
            self.trouble("a webhook is lost");
            return Err(cut());
        }
        if weather.strikes(|rates| rates.webhook_doubled) {
            self.trouble("a webhook comes twice");
            let (again, pause, payments) = (request.clone(), weather.chance().millis(0..=5_000), payments.clone());
            tokio::spawn(async move {
                tokio::time::sleep(pause).await;
                payments.choose().answer(again.map(Body::from)).await;
            });
        }
        if weather.strikes(|rates| rates.webhook_late) {
            self.trouble("a webhook is late");
            tokio::time::sleep(weather.chance().millis(100..=8_000)).await;
        }
        let (status, _, body) = payments.choose().answer(request.map(Body::from)).await.ok_or_else(cut)?;
        if weather.strikes(|rates| rates.webhook_lost) {
            self.trouble("the answer to a webhook is lost");
            return Err(cut());
        }
        let mut response = Response::new(body);
        *response.status_mut() = status;
        Ok(response)
    }
}
