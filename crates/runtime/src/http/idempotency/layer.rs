use std::pin::pin;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::id::{Id, IdGenerator, UserId};
use common::outcome::Outcome;
use common::time::Timestamp;
use http::request::Parts;
use http::{Method, StatusCode};
use ports::clock::Clock;
use ports::store::{Condition, Conflict, StoreError};

use super::exchange::{Asked, CLAIMED_AT, Exchange, Found};
use super::kept_answer::KeptAnswer;
use super::key::{IDEMPOTENCY_KEY, key_in};
use super::new_id::{NewId, Reserved};
use super::{reads_keys, takes_keys};
use crate::http::{ApiError, unread};
use crate::service::BackgroundTask;
use crate::session::MaybeSignedIn;
use crate::store::{Store, Updated};

/// How long a request waits for the same one before it, which acts.
const PATIENCE: Duration = Duration::from_secs(5);
/// The pause between two looks whether that one has been answered.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How long answers are kept at least.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// How often those that are older are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60 * 60);

/// The answers that one service keeps.
#[derive(Clone)]
pub(crate) struct Idempotency {
    pub(crate) exchanges: Store<Exchange>,
    pub(crate) ids: IdGenerator,
    pub(crate) clock: Clock,
}

/// What a request may do.
enum Turn {
    /// Act, with this claim.
    Act(Claim),
    /// Not act, because of this.
    Not(Found),
}

/// The right to act and to say with what answer.
struct Claim {
    exchange: String,
    new_id: Id<Reserved>,
    at: Timestamp,
}

/// The layer around the routes of a service: lets a request with a key act once.
pub(crate) async fn act_once(State(idempotency): State<Idempotency>, request: Request, next: Next) -> Response {
    let has_key = request.method() == Method::POST
        && request.headers().contains_key(IDEMPOTENCY_KEY)
        && reads_keys(request.uri().path());
    if !has_key {
        return next.run(request).await;
    }
    match key_in(request.headers()) {
        Err(refused) => refused.into_response(),
        Ok(key) if takes_keys(request.uri().path()) => {
            idempotency.answer(key, request, next).await.unwrap_or_else(IntoResponse::into_response)
        }
        Ok(_) => next.run(request).await,
    }
}

impl Idempotency {
    async fn answer(&self, key: String, request: Request, next: Next) -> Result<Response, ApiError> {
        let (mut parts, body) = request.into_parts();
        let MaybeSignedIn(session) = MaybeSignedIn::from_request_parts(&mut parts, &()).await?;
        let Some(session) = session else { return Ok(next.run(Request::from_parts(parts, body)).await) };
        // With the limits of size and time that the layers outside set.
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), &()).await;
        let body = body.map_err(|rejection| unread(&rejection))?;
        let asked = asked(session.user_id, key, &parts, &body);
        match self.turn(&asked).await? {
            Turn::Act(claim) => Ok(self.act(claim, Request::from_parts(parts, Body::from(body)), next).await),
            Turn::Not(Found::Answered(answer)) => Ok(answer.replayed()),
            Turn::Not(Found::InProgress) => Err(in_progress()),
            Turn::Not(Found::Reused) => Err(reused()),
        }
    }

    /// What the request may do, once the same request before it is answered or has taken too long.
    async fn turn(&self, asked: &Asked) -> Result<Turn, StoreError> {
        let mut patience = pin!(self.clock.sleep(PATIENCE));
        loop {
            // Never cancelled half way: it might leave a claim that nobody knows of.
            let turn = self.try_claim(asked).await?;
            let Turn::Not(Found::InProgress) = turn else { return Ok(turn) };
            tokio::select! {
                biased;
                () = &mut patience => return Ok(turn),
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn try_claim(&self, asked: &Asked) -> Result<Turn, StoreError> {
        let (now, exchange) = (self.clock.now(), asked.id());
        let new_id = self.ids.next(now);
        let present = self
            .exchanges
            .update(&exchange, |exchange, _| Ok::<_, StoreError>(exchange.claim_again(asked, new_id, now)));
        match present.await? {
            Some(Updated { aggregate, outcome: Outcome::Changed(()) }) => {
                Ok(Turn::Act(Claim { exchange, new_id: aggregate.new_id, at: now }))
            }
            Some(Updated { aggregate, outcome: Outcome::Unchanged }) => Ok(Turn::Not(aggregate.found_by(asked))),
            None => match self.exchanges.insert(Exchange::claim(asked, new_id, now), &()).await {
                Ok(_) => Ok(Turn::Act(Claim { exchange, new_id, at: now })),
                Err(StoreError::Conflict(Conflict::Exists)) => Ok(Turn::Not(Found::InProgress)),
                Err(error) => Err(error),
            },
        }
    }

    /// Lets the request act and keeps its answer. If that fails, or the process dies first, the claim lapses.
    async fn act(&self, claim: Claim, mut request: Request, next: Next) -> Response {
        request.extensions_mut().insert(NewId(Some(claim.new_id)));
        let (response, answer) = KeptAnswer::of(next.run(request).await).await;
        let kept = self
            .exchanges
            .update(&claim.exchange, |exchange, _| Ok::<_, StoreError>(exchange.finish(claim.at, answer.clone())));
        if let Err(error) = kept.await {
            tracing::warn!(%error, "an answer could not be kept under its idempotency key");
        }
        response
    }

    /// Forgets what is older than a day.
    pub(crate) fn forgetting(self) -> BackgroundTask {
        BackgroundTask::periodic("forget-answers", FORGET_EVERY, self.clock.clone(), move || {
            let (exchanges, made_before) = (self.exchanges.clone(), self.clock.now() - KEPT_FOR);
            async move {
                let old = Condition::AtMost(CLAIMED_AT, made_before.to_string().into());
                exchanges.purge(&[old]).await.map(|count| tracing::debug!(count, "answers forgotten"))
            }
        })
    }
}

fn asked(user: UserId, key: String, parts: &Parts, body: &Bytes) -> Asked {
    let route = parts.uri.path_and_query().map_or_else(|| parts.uri.path(), |route| route.as_str()).to_owned();
    Asked { user, key, route, body_hash: URL_SAFE_NO_PAD.encode(digest(&SHA256, body)) }
}

fn in_progress() -> ApiError {
    let message = "The same request is being answered, please try again";
    ApiError::conflict("request_in_progress", message).retry_after(1)
}

fn reused() -> ApiError {
    let message = "This Idempotency-Key was used for another request";
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused", message)
}
