//! The pages: what people see of the marketplace in a browser. Rendered here, from what the HTTP API
//! says; every flow works without JavaScript, and small modules in `assets/` make it feel alive.

mod assets;
mod components;
mod error;
mod formats;
mod forms;
mod headers;
mod layout;
mod local_time;
mod messages;
mod pages;
mod path;
mod settings;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod visitor;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tower_cookies::CookieManagerLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub use settings::Settings;

use error::PageError;
use visitor::Web;

/// The name of what serves the pages.
pub const NAME: &str = "web";

/// Everything under `/` but `/api`, without the layers that all routes of a process share.
pub fn routes(settings: Settings) -> Router {
    // Browsers that tell no more than an origin are believed if it is the one visitors use, also
    // where a proxy hides it from us.
    let csrf = match settings.public_url.clone().map(|url| CsrfLayer::new().add_trusted_origin(url)) {
        Some(Ok(layer)) => layer,
        None | Some(Err(_)) => CsrfLayer::new(),
    };
    let web = Web::new(settings);
    let pages = pages::routes()
        .fallback(|| async { PageError::NotFound })
        .method_not_allowed_fallback(|| async { PageError::NotFound })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| PageError::broken()))
        // Inside the layer that shows errors, so that what it refuses is told as a page, too.
        .layer(csrf.with_rejection_response(|_| PageError::CrossSite.marked()))
        .layer((CookieManagerLayer::new(), from_fn_with_state(web.clone(), visitor::welcome)))
        .layer(from_fn_with_state(web.clone(), headers::secure))
        .with_state(web);
    pages.merge(assets::routes()).layer(CompressionLayer::new())
}
