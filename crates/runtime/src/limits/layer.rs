use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use common::id::UserId;
use http::Uri;

use super::client_network::ClientNetwork;
use super::counted::{Claim, Limits, TooMany};
use super::rate::Rate;
use super::settings::LimitSettings;
use super::words::{time_to_wait, whole_seconds};
use crate::audit;
use crate::http::{ApiError, is_check_in, is_webhook};
use crate::session::SessionVerifier;

/// The limits of the requests to one service that change something.
#[derive(Clone)]
pub(crate) struct MutationLimits {
    service: &'static str,
    limits: Limits,
    settings: Arc<LimitSettings>,
}

/// What a request counts as, for its user and for its address, and how much of it a user may do.
#[derive(Clone, Copy)]
struct Kinds {
    user: &'static str,
    user_rate: Option<Rate>,
    address: &'static str,
}

impl MutationLimits {
    pub(crate) fn new(service: &'static str, limits: Limits, settings: Arc<LimitSettings>) -> Self {
        Self { service, limits, settings }
    }

    /// Those who check people in share an address with all who are at the same place: others must not take it from them.
    fn kinds(&self, uri: &Uri) -> Kinds {
        if is_check_in(uri) {
            Kinds { user: "check-ins-user", user_rate: self.settings.check_ins, address: "check-ins-address" }
        } else {
            Kinds { user: "user", user_rate: self.settings.user, address: "address" }
        }
    }

    fn counts_users(&self, kinds: Kinds) -> bool {
        self.settings.is_on && kinds.user_rate.is_some()
    }

    fn count(&self, kinds: Kinds, network: ClientNetwork, user: Option<UserId>) -> Result<(), TooMany> {
        let of_user = user.zip(kinds.user_rate).map(|(user, rate)| Claim::new(kinds.user, user, rate));
        let of_address = self.settings.address.map(|rate| network.claims(kinds.address, rate));
        let claims: Vec<Claim> = of_user.into_iter().chain(of_address.into_iter().flatten()).collect();
        self.limits.take(&claims)
    }
}

/// The layer around the routes of a service: refuses a request that changes something if its user or its address
/// has sent too many, and tells all handlers where a request comes from.
pub(crate) async fn limit_mutations(
    State(around): State<MutationLimits>,
    mut request: Request,
    next: Next,
) -> Response {
    let network = around.settings.proxies.network_of(&request);
    request.extensions_mut().insert(network);
    audit::comes_from(network);
    // A payment provider sends as much as there is to tell.
    if request.method().is_safe() || is_webhook(request.uri()) {
        return next.run(request).await;
    }
    let kinds = around.kinds(request.uri());
    let user = if around.counts_users(kinds) { user_of(&request).await } else { None };
    match around.count(kinds, network, user) {
        Ok(()) => next.run(request).await,
        Err(too_many) => {
            metrics::counter!("requests_limited_total", "service" => around.service, "by" => too_many.kind)
                .increment(1);
            refusal(&too_many).into_response()
        }
    }
}

/// Who is signed in. Whoever cannot be recognised is counted by their address alone, and refused elsewhere.
fn user_of(request: &Request) -> impl Future<Output = Option<UserId>> + use<> {
    let verifier = request.extensions().get::<SessionVerifier>().cloned();
    let token = verifier.as_ref().and_then(|verifier| verifier.cookie.read(request.headers())).map(str::to_owned);
    async move { verifier?.verify(&token?).await.map(|session| session.user_id) }
}

fn refusal(TooMany { retry_after, .. }: &TooMany) -> ApiError {
    let message = format!("Too many requests, please try again {}", time_to_wait(*retry_after));
    ApiError::too_many(message, whole_seconds(*retry_after))
}
