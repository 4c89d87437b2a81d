//! The pages beside the API, in one process.

use std::net::SocketAddr;

use anyhow::Context;
use axum::Router;
use client::Client;
use common::runtime::Platform;
use http::HeaderValue;

use crate::settings::SessionSettings;
use crate::simulator::reachable;

/// A voucher nobody can guess, with which the pages tell auth for whom they ask.
pub fn new_voucher() -> HeaderValue {
    let mut voucher = HeaderValue::try_from(format!("{:032x}", rand::random::<u128>())).expect("plain ASCII");
    voucher.set_sensitive(true);
    voucher
}

/// `/api` for programs, everything else for people. The pages ask the API over HTTP, at the
/// `address` where this process answers, as they do when it is elsewhere.
///
/// # Errors
/// If the pages cannot ask.
pub fn beside(
    api: Router,
    platform: &Platform,
    sessions: &SessionSettings,
    voucher: HeaderValue,
    address: SocketAddr,
) -> anyhow::Result<Router> {
    let client = Client::new(&format!("http://{}", reachable(address))).context("the API's client")?;
    let settings = web::Settings { voucher: Some(voucher), ..sessions.pages(client, platform.clock.clone()) };
    let pages = web::routes(settings, platform.tasks.clone());
    Ok(Router::new().route_service("/api", api.clone()).route_service("/api/{*path}", api).fallback_service(pages))
}
