//! The web pages of the marketplace, rendered on the server from the HTTP API. Every flow works without
//! JavaScript; small modules in `assets/` add live updates.

mod about;
mod assets;
mod calendar;
mod components;
mod error;
mod forms;
mod headers;
mod layout;
mod local_time;
mod messages;
mod nowhere;
mod pages;
mod path;
mod preview;
mod query;
mod settings;
mod starting;
mod structured_data;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod visitor;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use tower_cookies::CookieManagerLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub use about::{About, InvalidLine, InvalidText, Line, Operator, OwnPage, OwnText, PostalAddress};
pub use settings::Settings;
pub use starting::starting;

use error::PageError;
use visitor::Web;

/// The service name of the pages.
pub const NAME: &str = "web";

/// Everything under `/` except `/api`, without the layers that all routes of a process share.
pub fn routes(settings: Settings) -> Router {
    // A browser that sends only `Origin` is trusted if it names the public address, also behind a proxy that
    // rewrites `Host`.
    let csrf = match settings.public_url.clone().map(|url| CsrfLayer::new().add_trusted_origin(url)) {
        Some(Ok(layer)) => layer,
        None | Some(Err(_)) => CsrfLayer::new(),
    };
    let web = Web::new(settings);
    let pages = pages::routes()
        .fallback(nowhere::show)
        .method_not_allowed_fallback(|| async { PageError::NotFound })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| PageError::broken()))
        // Inside the layer that renders errors, so that its refusals are shown as pages, too.
        .layer(csrf.with_rejection_response(|_| PageError::CrossSite.marked()))
        .layer((CookieManagerLayer::new(), from_fn_with_state(web.clone(), visitor::welcome)))
        .layer(map_response(headers::secure))
        .with_state(web);
    pages.merge(assets::routes()).layer(CompressionLayer::new())
}
