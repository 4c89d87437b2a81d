use async_trait::async_trait;
use axum::body::{Body, Bytes};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use runtime::outbound::{CallFailed, HttpCalls};
use stripe_sim::{Call, Moment, RefundFate, RefundRefusal, Simulator};
use tower::ServiceExt;

use super::calls::cut;
use super::gate::Gate;

/// Stripe, which now and then breaks down, thinks for a while, or does not refund at once. Its books are right
/// all the same.
pub(in crate::simulation) struct Stripe {
    pub(in crate::simulation) simulator: Simulator,
    pub(in crate::simulation) gate: Gate,
}

impl Stripe {
    /// Draws what goes wrong with this request at Stripe.
    fn draw_faults(&self, call: Call) {
        let (weather, faults) = (&self.gate.weather, self.simulator.faults());
        if weather.strikes(|rates| rates.breakdown) {
            let moment = if weather.chance().hits(5_000) { Moment::Before } else { Moment::After };
            self.gate.trouble(format!("Stripe breaks down in {call:?} ({moment:?}), and will say so to retries"));
            faults.break_down(call, moment);
            if call == Call::CreateIntent && weather.chance().hits(5_000) {
                self.keep_webhooks_waiting();
            }
        }
        if call == Call::CreateIntent && weather.strikes(|rates| rates.processing) {
            self.gate.trouble("the bank takes its time".into());
            faults.next_intent_is_processing();
        }
        if call == Call::Refund && weather.strikes(|rates| rates.odd_refund) {
            let fate = match weather.chance().between(0..=9) {
                0..6 => RefundFate::Pends,
                6..9 => RefundFate::Refused(RefundRefusal::BalanceInsufficient),
                _ => RefundFate::Fails,
            };
            self.gate.trouble(format!("the next refund: {fate:?}"));
            faults.next_refund(fate);
        }
    }
}

#[async_trait]
impl HttpCalls for Stripe {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let call = changing(&request);
        if let Some(call) = call {
            self.draw_faults(call);
        }
        if call == Some(Call::CreateIntent) && self.gate.weather.is_unanswered(key(&request)) {
            return self.leave_unanswered(request).await;
        }
        self.ask(request).await
    }
}

impl Stripe {
    async fn ask(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let routes = self.simulator.routes();
        let response = routes.oneshot(request.map(Body::from)).await.unwrap_or_else(|never| match never {});
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|_| cut())?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }

    /// What is wrong at Stripe keeps its webhooks, too: payments may have stopped waiting for them by then.
    fn keep_webhooks_waiting(&self) {
        let faults = self.simulator.faults();
        let pause = self.gate.weather.chance().millis(1_000..=20_000);
        self.gate.trouble(format!("Stripe keeps its webhooks for {pause:?}"));
        faults.hold_webhooks(true);
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            faults.hold_webhooks(false);
        });
    }

    /// Something in front of Stripe fails, which the request has reached or not. Once the faults have stopped it
    /// reaches nothing: then only a webhook can tell of what it did.
    async fn leave_unanswered(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let weather = &self.gate.weather;
        let reaches = !weather.has_cleared() && weather.chance().hits(5_000);
        self.gate.trouble(format!("something in front of Stripe answers, and the request reaches it: {reaches}"));
        if reaches {
            self.ask(request).await?;
        }
        let mut response = Response::new(Bytes::from_static(br#"{"error":{"type":"api_error"}}"#));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        Ok(response)
    }
}

fn key(request: &Request<Bytes>) -> &[u8] {
    request.headers().get("idempotency-key").map_or(&[], |key| key.as_bytes())
}

/// What a request changes at Stripe, if anything.
fn changing(request: &Request<Bytes>) -> Option<Call> {
    if request.method() != Method::POST {
        return None;
    }
    match request.uri().path().rsplit('/').next()? {
        "payment_intents" => Some(Call::CreateIntent),
        "capture" => Some(Call::Capture),
        "cancel" => Some(Call::Cancel),
        "refunds" => Some(Call::Refund),
        _ => None,
    }
}
