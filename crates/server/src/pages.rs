//! The pages, in a process of their own or together with the API.

mod visitor_api;

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use axum::extract::Request;
use client::Client;
use http::HeaderValue;
use runtime::Platform;
use runtime::http::with_layers;
use tokio_util::task::TaskTracker;
use tower::{ServiceExt, service_fn};

use crate::settings::SessionSettings;
use crate::simulator::reachable;

pub(crate) use visitor_api::VisitorApi;

/// An unguessable voucher, with which the pages prove to auth for which address they call.
pub fn new_voucher() -> HeaderValue {
    let mut voucher = HeaderValue::try_from(format!("{:032x}", rand::random::<u128>())).expect("plain ASCII");
    voucher.set_sensitive(true);
    voucher
}

/// The pages, with the layers that all routes have. Mutations run in `tasks`.
pub fn routes(settings: web::Settings, tasks: TaskTracker) -> Router {
    with_layers(web::routes(settings), web::NAME, tasks)
}

/// `/api` for programs, everything else for people. The pages call the API over HTTP, at the
/// `address` where this process listens, as they do when it runs elsewhere.
///
/// # Errors
/// If the API's client cannot be created.
pub fn with_api(
    api: Router,
    platform: &Platform,
    sessions: &SessionSettings,
    voucher: HeaderValue,
    address: SocketAddr,
    about: web::About,
) -> anyhow::Result<Router> {
    let client = Client::new(&format!("http://{}", reachable(address))).context("the API's client")?;
    let settings = sessions.pages(client, platform.clock.clone(), Some(voucher), about);
    let pages = routes(settings, platform.tasks.clone());
    // Not by a route: a wildcard in its path would become a parameter of the API's routes.
    Ok(Router::new().fallback_service(service_fn(move |request: Request| {
        let is_for_programs = request.uri().path() == "/api" || request.uri().path().starts_with("/api/");
        if is_for_programs { api.clone().oneshot(request) } else { pages.clone().oneshot(request) }
    })))
}
