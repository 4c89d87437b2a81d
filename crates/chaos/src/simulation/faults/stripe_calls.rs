use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use http::{Request, Response};
use http_body_util::BodyExt;
use runtime::outbound::{CallFailed, HttpCalls};
use tower::ServiceExt;

use super::gate::Gate;

/// The network between payments and Stripe: calls that are lost or delayed, and responses that are lost.
pub(in crate::simulation) struct TroubledCalls {
    pub(in crate::simulation) stripe: Router,
    pub(in crate::simulation) gate: Gate,
}

impl TroubledCalls {
    /// One direction, in which the call or its response may be lost, with or without an error.
    async fn may_be_lost(&self, what: &str) -> Result<(), CallFailed> {
        if self.gate.weather.strikes(|rates| rates.stripe_fails) {
            self.gate.trouble(format!("{what} is lost"));
            return Err(cut());
        }
        if self.gate.weather.strikes(|rates| rates.stripe_silent) {
            self.gate.trouble(format!("{what} is lost without an error"));
            return std::future::pending().await;
        }
        Ok(())
    }
}

#[async_trait]
impl HttpCalls for TroubledCalls {
    async fn call(&self, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
        let what = format!("calling Stripe: {} {}", request.method(), request.uri().path());
        self.gate.moment("before", &what).await;
        self.may_be_lost(&what).await?;
        let weather = &self.gate.weather;
        let late = weather.strikes(|rates| rates.stripe_late).then(|| weather.chance().millis(500..=9_000));
        if let Some(late) = late {
            self.gate.trouble(format!("{what} takes {late:?} on its way"));
        }
        let stripe = self.stripe.clone();
        // A request in flight arrives whether or not its sender still waits or lives.
        let arrival = tokio::spawn(async move {
            if let Some(late) = late {
                tokio::time::sleep(late).await;
            }
            answer(stripe, request).await
        });
        let answer = self.gate.life.outlive(arrival).await;
        self.gate.moment("after", &what).await;
        self.may_be_lost(&format!("the answer to {what}")).await?;
        answer.unwrap_or_else(|_| Err(cut()))
    }
}

async fn answer(stripe: Router, request: Request<Bytes>) -> Result<Response<Bytes>, CallFailed> {
    let response = stripe.oneshot(request.map(Body::from)).await.unwrap_or_else(|never| match never {});
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(|_| cut())?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

fn cut() -> CallFailed {
    CallFailed("the connection was cut".into())
}
